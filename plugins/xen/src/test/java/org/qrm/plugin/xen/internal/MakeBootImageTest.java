package org.qrm.plugin.xen.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The script make-boot-image, with a stand-in for the build of the initrd. */
public class MakeBootImageTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;
    private Path output;
    private Path build;

    @Before
    public void layOut() throws Exception {
        root = folder.newFolder("root").toPath();
        output = folder.getRoot().toPath().resolve("out put");
        build = folder.getRoot().toPath().resolve("build");
        Files.writeString(build, "#!/bin/sh\necho initrd > \"$4/initrd.img\"; echo kernel > \"$4/vmlinuz\"\n");
        assertTrue(build.toFile().setExecutable(true));
        put("boot/xen-4.9-amd64.gz", "older");
        put("boot/xen-4.17-amd64.gz", "newer");
        put("boot/vmlinuz-6.1.0", "");
        put("boot/config-6.1.0", "CONFIG_XEN_DOM0=y\n");
        put("lib/modules/6.1.0/modules.dep", "");
    }

    @Test
    public void bringsTheNewestHypervisorBesideKernelAndInitrdAndTellsHowToUploadThem() throws Exception {
        String said = run(0);
        assertEquals("newer", Files.readString(output.resolve("xen.gz")));
        assertEquals("kernel\n", Files.readString(output.resolve("vmlinuz")));
        assertTrue(
                said,
                said.contains(
                        "bin/qrm boot-image create Xen_kernel_1_0 --loader multiboot --description 'xen-4.17-amd64,"
                                + " kernel 6.1.0'\n"));
        assertTrue(
                said,
                said.contains("put-file Xen_kernel_1_0 '" + output.toRealPath() + "/xen.gz' --role hypervisor\n"));
    }

    @Test
    public void refusesAKernelThatCannotBeDom0() throws Exception {
        put("boot/config-6.1.0", "# CONFIG_XEN_DOM0 is not set\n");
        assertTrue(run(1).contains("6.1.0, cannot be dom0"));
    }

    /** As Fedora and Arch lay them out. */
    @Test
    public void takesAKernelThatIsOnlyBesideItsModules() throws Exception {
        put("boot/vmlinuz-linux", "of another version than its name");
        put("usr/lib/modules/6.11.4/vmlinuz", "");
        put("usr/lib/modules/6.11.4/modules.dep", "");
        put("usr/lib/modules/6.11.4/config", "CONFIG_XEN_DOM0=y\n");
        assertTrue(run(0).contains("xen-4.17-amd64, kernel 6.11.4'"));
        put("usr/lib/modules/6.11.4/config", "# CONFIG_XEN_DOM0 is not set\n");
        assertTrue(run(1).contains("6.11.4, cannot be dom0"));
    }

    @Test
    public void saysWhatIsMissing() throws Exception {
        Files.delete(root.resolve("lib/modules/6.1.0/modules.dep"));
        assertTrue(run(1).contains("the modules of kernel 6.1.0 are not in"));
        Files.delete(root.resolve("boot/vmlinuz-6.1.0"));
        assertTrue(run(1).contains("install linux-image-amd64 in"));
        Files.delete(root.resolve("boot/xen-4.9-amd64.gz"));
        Files.delete(root.resolve("boot/xen-4.17-amd64.gz"));
        assertTrue(run(1).contains("install xen-hypervisor-amd64 in"));
    }

    private String run(int status) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("./make-boot-image", root.toString(), output.toString()).redirectErrorStream(true);
        builder.environment().put("QRM_NODE_BUILD", build.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(said, status, process.waitFor());
        return said;
    }

    private void put(String file, String content) throws Exception {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
