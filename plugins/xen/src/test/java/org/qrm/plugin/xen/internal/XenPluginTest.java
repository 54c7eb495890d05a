package org.qrm.plugin.xen.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.image.Loader;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.OperationState;
import org.qrm.api.storage.StorageServer;
import org.qrm.testkit.TestWork;

public class XenPluginTest {

    private static final List<String> ALL =
            List.of("server NFS-server", "boot Xen_kernel_1_0", "image Xen_image_1_0 READY");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestWork work = new TestWork();
    private Site site;

    @Before
    public void build() throws Exception {
        site = new Site(folder.getRoot().toPath());
    }

    @Test
    public void makesWhatAHostBoots() {
        site.plugin().install(work);
        assertEquals(ALL, site.made());
        assertEquals(
                new StorageServer("NFS-server", "nfs", "10.77.0.2", "10.77.0.3", "/diskimages", null),
                site.servers.get("NFS-server"));
        assertEquals(
                "/diskimages/Xen_image_1_0", site.images.get("Xen_image_1_0").path());
        assertEquals("hypervisor", new String(site.bootContent.get("xen.gz"), UTF_8));
        assertEquals("kernel", new String(site.bootContent.get("vmlinuz"), UTF_8));
        assertTrue(new String(site.bootContent.get("initrd.img"), UTF_8).startsWith("default initrd;"));
        assertEquals(1.0, work.fractions().get(work.fractions().size() - 1), 0.001);
    }

    @Test
    public void takesEverythingFromTheOneMachineThatItMetFirst() {
        site.plugin().install(work);
        assertEquals(List.of(new ImageSource.System("10.77.0.10", Source.KEY)), site.sources);
        assertTrue(site.source.contacts.stream().allMatch(host -> Source.KEY.equals(host.hostKey())));
    }

    @Test
    public void changesNothingWhenItIsInstalledAgain() {
        site.plugin().install(work);
        int contacts = site.source.contacts.size();
        site.plugin().install(work);
        assertEquals(ALL, site.made());
        assertEquals(contacts, site.source.contacts.size());
        assertEquals(1, site.operations.size());
    }

    @Test
    public void isInstalledWithoutAnyAnswerOnlyToSayWhatIsMissing() {
        site.answers.remove("sourceAddress");
        QrmException refused =
                assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertTrue(refused.getMessage(), refused.getMessage().contains("sourceAddress is not answered"));
    }

    @Test
    public void usesAStorageServerThatIsThereAndLeavesItThere() {
        StorageServer there = new StorageServer("NFS-server", "nfs", "10.77.0.2", "10.77.0.3", "/diskimages", "key a");
        site.servers.put("NFS-server", there);
        site.plugin().install(work);
        site.plugin().uninstall(work);
        assertEquals(List.of("server NFS-server"), site.made());
        assertEquals(there, site.servers.get("NFS-server"));
    }

    @Test
    public void refusesAStorageServerOfThatNameWithOtherFacts() {
        site.servers.put(
                "NFS-server", new StorageServer("NFS-server", "nfs", "10.77.0.9", "10.77.0.3", "/other", null));
        QrmException refused =
                assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertEquals(
                "there is one of that name with address 10.77.0.9 instead of 10.77.0.2, export root /other instead of"
                        + " /diskimages",
                refused.problem().reason());
        assertEquals(List.of("server NFS-server"), site.made());
    }

    @Test
    public void leavesNothingWhenTheSourceSystemHasNoHypervisor() {
        site.source.inventory = "kernel=6.1.0 yes yes boot\n";
        QrmException failed =
                assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertTrue(failed.getMessage(), failed.getMessage().contains("xen-hypervisor-amd64"));
        assertNothingIsLeft();
    }

    @Test
    public void leavesNothingWhenATransferBreaks() {
        site.source.status = 255;
        assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertNothingIsLeft();
    }

    @Test
    public void leavesNothingWhenWhatArrivesIsNotWhatIsThere() {
        site.source.onTheWay = "Welcome to node src1\n";
        QrmException failed =
                assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertTrue(failed.getMessage(), failed.getMessage().contains("what arrived has the SHA-256"));
        assertNothingIsLeft();
    }

    @Test
    public void takesNoBootImageOfAnAttemptThatFailedForThatOfAnotherSourceSystem() {
        site.copiesEnd = OperationState.FAILED;
        assertThrows(QrmException.class, () -> site.plugin().install(work));
        site.source.put("/boot/vmlinuz-6.1.0", "another kernel");
        site.copiesEnd = OperationState.DONE;
        site.plugin().install(work);
        assertEquals(ALL, site.made());
        assertEquals("another kernel", new String(site.bootContent.get("vmlinuz"), UTF_8));
    }

    @Test
    public void leavesNothingWhenAModuleIsMissing() {
        site.source.files.remove("/lib/modules/6.1.0/kernel/fs/nfs/nfs.ko");
        assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertNothingIsLeft();
    }

    @Test
    public void goesOnWithACopyThatFailed() {
        site.copiesEnd = OperationState.FAILED;
        QrmException failed =
                assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertTrue(failed.getMessage(), failed.getMessage().contains("the connection broke"));
        assertEquals(List.of("server NFS-server", "boot Xen_kernel_1_0", "image Xen_image_1_0 ERROR"), site.made());
        site.copiesEnd = OperationState.DONE;
        site.plugin().install(work);
        assertEquals(ALL, site.made());
    }

    @Test
    public void takesBackEverythingWhenTheCopyIsCancelled() {
        site.copiesEnd = null;
        site.operation("plugin.install", "plugin/xen", OperationState.RUNNING, true, "");
        site.whileWaiting = () -> work.cancel();
        assertThrows(CancelledException.class, () -> site.plugin().install(work));
        assertNothingIsLeft();
    }

    @Test
    public void takesBackAlsoWhatAnInstallationThatFailedHadMade() {
        site.copiesEnd = OperationState.FAILED;
        assertThrows(QrmException.class, () -> site.plugin().install(work));
        cancelTheNext();
        assertNothingIsLeft();
    }

    @Test
    public void takesBackOnlyWhatItHadMadeItself() {
        StorageServer there = new StorageServer("NFS-server", "nfs", "10.77.0.2", "10.77.0.3", "/diskimages", "key a");
        site.servers.put("NFS-server", there);
        site.boot.put("Xen_kernel_1_0", complete(null));
        site.copiesEnd = OperationState.FAILED;
        assertThrows(QrmException.class, () -> site.plugin().install(work));
        cancelTheNext();
        assertEquals(List.of("server NFS-server", "boot Xen_kernel_1_0"), site.made());
    }

    @Test
    public void takesBackNothingOfAnInstallationThatWasComplete() {
        site.plugin().install(work);
        site.operation("plugin.install", "plugin/xen", OperationState.RUNNING, true, "");
        work.cancel();
        site.plugin().install(work);
        assertEquals(ALL, site.made());
    }

    /** An installation that goes on with a copy that failed, and is cancelled meanwhile. */
    private void cancelTheNext() {
        site.copiesEnd = null;
        site.operation("plugin.install", "plugin/xen", OperationState.RUNNING, true, "");
        site.whileWaiting = () -> work.cancel();
        assertThrows(CancelledException.class, () -> site.plugin().install(work));
    }

    @Test
    public void saysOfTheCopyThatFailedWhatWasTriedInWords() {
        site.copiesEnd = OperationState.FAILED;
        QrmException failed =
                assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertEquals(
                "Cannot create filesystem image \"Xen_image_1_0\": the connection broke. Operation 1 has the details.",
                failed.getMessage());
    }

    @Test
    public void leavesTheCopyAloneWhenTheServerStopsAndFindsItAgain() {
        site.copiesEnd = null;
        site.operation("plugin.install", "plugin/xen", OperationState.RUNNING, false, "");
        site.whileWaiting = () -> work.cancel();
        assertThrows(CancelledException.class, () -> site.plugin().install(work));
        site.whileWaiting = () -> {};
        site.copiesEnd = OperationState.DONE;
        site.plugin().install(new TestWork());
        assertEquals(ALL, site.made());
        assertEquals(1, site.sources.size());
    }

    @Test
    public void takesABootImageOfTheAdministratorAsItIsAndLeavesIt() {
        site.boot.put("Xen_kernel_1_0", complete(null));
        site.plugin().install(work);
        assertEquals(List.of(), List.copyOf(site.bootContent.keySet()));
        site.plugin().uninstall(work);
        assertEquals(List.of("boot Xen_kernel_1_0"), site.made());
    }

    @Test
    public void refusesABootImageOfSomebodyElseThatIsNotComplete() {
        site.boot.put("Xen_kernel_1_0", new BootImage("Xen_kernel_1_0", Loader.MULTIBOOT, List.of(), null, ""));
        QrmException refused =
                assertThrows(QrmException.class, () -> site.plugin().install(work));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertEquals(List.of("boot Xen_kernel_1_0"), site.made());
    }

    @Test
    public void makesItsOwnBootImageAgainWhenACrashLeftItIncomplete() {
        site.boot.put("Xen_kernel_1_0", new BootImage("Xen_kernel_1_0", Loader.MULTIBOOT, List.of(), "xen", ""));
        site.plugin().install(work);
        assertEquals(3, site.boot.get("Xen_kernel_1_0").files().size());
    }

    @Test
    public void isActiveOnlyWhenAllIsThere() {
        assertThrows(QrmException.class, () -> site.plugin().runOnce(work));
        site.plugin().install(work);
        site.plugin().runOnce(work);
        site.boot.remove("Xen_kernel_1_0");
        assertThrows(QrmException.class, () -> site.plugin().runOnce(work));
    }

    @Test
    public void leavesNoTrace() {
        site.plugin().install(work);
        site.plugin().uninstall(work);
        assertNothingIsLeft();
        site.plugin().uninstall(work);
    }

    @Test
    public void staysWhileAVirtualEnvironmentNeedsIt() {
        site.plugin().install(work);
        site.environments.add(HostBootTest.host().spec());
        QrmException refused =
                assertThrows(QrmException.class, () -> site.plugin().uninstall(work));
        assertTrue(refused.getMessage(), refused.getMessage().contains("virtual environments need it: host"));
        assertEquals(ALL, site.made());
    }

    private static BootImage complete(String plugin) {
        return new BootImage(
                "Xen_kernel_1_0",
                Loader.MULTIBOOT,
                List.of(
                        new BootFile("x", BootFile.Role.HYPERVISOR, 1, ""),
                        new BootFile("k", BootFile.Role.KERNEL, 1, ""),
                        new BootFile("i", BootFile.Role.INITRD, 1, "")),
                plugin,
                "");
    }

    private void assertNothingIsLeft() {
        assertEquals(List.of(), site.made());
        assertFalse(Files.exists(folder.getRoot().toPath().resolve("xen")));
    }
}
