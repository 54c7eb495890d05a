package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;

public class KernelModulesTest {

    private static final String DEP = """
            kernel/net/sunrpc/sunrpc.ko.xz:
            kernel/fs/nfs/nfs.ko.xz: kernel/net/sunrpc/sunrpc.ko.xz kernel/fs/lockd/lockd.ko
            kernel/fs/lockd/lockd.ko: kernel/net/sunrpc/sunrpc.ko.xz
            kernel/drivers/net/xen-netfront.ko:
            kernel/drivers/gpu/drm/drm.ko: kernel/drivers/i2c/i2c-core.ko
            kernel/drivers/i2c/i2c-core.ko:
            """;

    @Test
    public void takesWhatIsWantedWithWhatThatDependsOn() {
        assertEquals(
                List.of(
                        "kernel/drivers/net/xen-netfront.ko",
                        "kernel/net/sunrpc/sunrpc.ko.xz",
                        "kernel/fs/lockd/lockd.ko",
                        "kernel/fs/nfs/nfs.ko.xz"),
                List.copyOf(KernelModules.choose(DEP).files()));
    }

    @Test
    public void indexesThemUnderTheirPlainNames() {
        assertEquals("""
                kernel/drivers/net/xen-netfront.ko:
                kernel/net/sunrpc/sunrpc.ko:
                kernel/fs/lockd/lockd.ko: kernel/net/sunrpc/sunrpc.ko
                kernel/fs/nfs/nfs.ko: kernel/net/sunrpc/sunrpc.ko kernel/fs/lockd/lockd.ko
                """, KernelModules.choose(DEP).modulesDep());
    }

    @Test
    public void keepsTheAliasesOfWhatIsTaken() {
        String aliases = "# comment\nalias xen:vif xen_netfront\nalias pci:v* drm\nalias fs-nfs nfs\n";
        assertEquals(
                "alias xen:vif xen_netfront\nalias fs-nfs nfs\n",
                KernelModules.choose(DEP).modulesAlias(aliases));
    }

    @Test
    public void refusesPathsThatLeadElsewhere() {
        for (String path : List.of("../../../etc/nfs.ko", "/etc/nfs.ko", "kernel/../nfs.ko", "kernel/$(id)/nfs.ko")) {
            assertThrows(path, QrmException.class, () -> KernelModules.choose(path + ":\n"));
        }
    }

    @Test
    public void wantsWhatTheDefaultBootImageHas() throws Exception {
        String build = Files.readString(Path.of("../../framework/node/build"));
        for (String list : List.of("drivers='", "file_systems='")) {
            int start = build.indexOf(list) + list.length();
            String words = build.substring(start, build.indexOf('\'', start));
            assertTrue(words, KernelModules.WANTED.containsAll(List.of(words.split("\\s+"))));
        }
    }
}
