package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Question;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.testkit.Played;

public class WizardTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Store store = new Store();
    private Site site;
    private XenWizard wizard;

    @Before
    public void build() throws Exception {
        site = new Site(folder.getRoot().toPath());
        wizard = wizard(List.of(Played.by(StorageType.class, store)));
    }

    private XenWizard wizard(List<StorageType> types) {
        return new XenWizard(
                site.source.commands(), site.storageServers(), site.filesystemImages(), new Alone(), types);
    }

    /** A storage server that is played. */
    public static final class Store {
        long freeBytes = 1L << 30;
        List<String> taken = List.of();
        RuntimeException failure;

        public String name() {
            return "nfs";
        }

        public StorageFacts probe(StorageServer server, WorkContext work) {
            if (failure != null) {
                throw failure;
            }
            assertEquals(Source.KEY, server.hostKey());
            return new StorageFacts("kernel NFS server", freeBytes);
        }

        public List<String> list(StorageServer server, WorkContext work) {
            return taken;
        }
    }

    /** A server in no network that has a gateway. */
    private static final class Alone extends Surroundings {
        @Override
        List<Ipv4Network> networks() {
            return List.of();
        }

        @Override
        Optional<String> gateway() {
            return Optional.of("10.77.0.1");
        }
    }

    @Test
    public void asksSevenQuestionsInOrder() {
        assertEquals(
                List.of(
                        "sourceAddress IPV4 ",
                        "storageServerName NAME NFS-server",
                        "storageServerPath PATH /diskimages/Xen_image_1_0",
                        "storageServerAddress IPV4 ",
                        "storageServerManagementAddress IPV4 ",
                        "storageServerType CHOICE NFS",
                        "defaultGateway IPV4 10.77.0.1"),
                wizard.questions().stream()
                        .map(question -> question.name() + " " + question.type() + " " + question.defaultAnswer())
                        .toList());
        assertTrue(wizard.questions().stream().allMatch(Question::required));
    }

    @Test
    public void saysWhatItMeansToShareAFileSystem() {
        String path = wizard.questions().stream()
                .filter(question -> question.name().equals("storageServerPath"))
                .map(Question::text)
                .findFirst()
                .orElseThrow();
        assertTrue(
                path, path.contains("Where images there share a file system, all machines that use one of them trust"));
    }

    @Test
    public void proposesTheStorageServerThatIsThere() {
        site.servers.put("store", new StorageServer("store", "nfs", "10.77.0.2", "10.77.0.3", "/export", null));
        assertEquals(
                List.of("", "store", "/export/Xen_image_1_0", "10.77.0.2", "10.77.0.3", "NFS", "10.77.0.1"),
                wizard.questions().stream().map(Question::defaultAnswer).toList());
    }

    @Test
    public void acceptsWhatWillWork() {
        assertEquals(Map.of(), wizard.validate(site.answers));
    }

    @Test
    public void showsTheLineToInstallWhereTheKeyIsNotAccepted() {
        store.failure =
                new QrmException(new Problem(Problem.Kind.FORBIDDEN, "connect", "", "it does not accept our key", ""));
        Map<String, String> reasons = wizard.validate(site.answers);
        assertEquals(List.of("storageServerManagementAddress"), List.copyOf(reasons.keySet()));
        assertTrue(reasons.toString(), reasons.toString().contains("ecdsa-sha2-nistp256 BBBB qrm"));
    }

    @Test
    public void tellsBothMachinesThatDoNotAnswerApart() {
        store.failure = new IllegalStateException("no route");
        site.source.inventory = "";
        assertEquals(
                List.of("storageServerManagementAddress", "sourceAddress", "defaultGateway"),
                List.copyOf(wizard.validate(site.answers).keySet()));
    }

    @Test
    public void refusesASourceSystemThatCannotBecomeAHost() {
        site.source.inventory = site.source.inventory.replace("rsync=yes", "rsync=no");
        assertReason("sourceAddress", "rsync is not installed there: apt-get install rsync.");
        site.source.inventory =
                site.source.inventory.replace("rsync=no", "rsync=yes").replace("init=systemd", "init=other");
        assertReason("sourceAddress", "Its first process is not systemd, which a host image needs.");
        site.source.inventory = site.source.inventory.replace("hypervisor=xen-4.17-amd64.gz", "");
        assertReason(
                "sourceAddress",
                "There is a machine, but it has no /boot/xen-*.gz; install its hypervisor (Debian: apt-get install"
                        + " xen-hypervisor-amd64).");
    }

    @Test
    public void tellsOfTheStorageServerAtTheQuestionThatIsWrong() {
        Map.of(
                        Problem.Kind.NOT_FOUND, "storageServerPath",
                        Problem.Kind.INVALID, "storageServerPath",
                        Problem.Kind.FORBIDDEN, "storageServerManagementAddress",
                        Problem.Kind.UNAVAILABLE, "storageServerManagementAddress",
                        Problem.Kind.TIMEOUT, "storageServerManagementAddress",
                        Problem.Kind.FAILED, "storageServerManagementAddress")
                .forEach((kind, question) -> {
                    store.failure = new QrmException(
                            new Problem(kind, "look at storage server", "NFS-server", "that is so", "Mend it."));
                    Map<String, String> reasons = wizard.validate(site.answers);
                    assertEquals(kind.name(), List.of(question), List.copyOf(reasons.keySet()));
                    assertTrue(reasons.toString(), reasons.get(question).startsWith("10.77.0.3: that is so. Mend it."));
                });
    }

    @Test
    public void tellsAllThatIsWrongAtOnce() {
        site.answers.put("storageServerPath", "/Xen_image_1_0");
        site.answers.put("defaultGateway", "192.168.1.1");
        site.source.inventory = site.source.inventory.replace("rsync=yes", "rsync=no");
        assertEquals(
                List.of("storageServerPath", "sourceAddress", "defaultGateway"),
                List.copyOf(wizard.validate(site.answers).keySet()));
    }

    @Test
    public void refusesAPathThatIsTaken() {
        store.taken = List.of("/diskimages/Xen_image_1_0");
        assertReason("storageServerPath", "There is such a directory on the storage server already.");
    }

    @Test
    public void refusesAPathThatOverlapsWithAnotherImage() {
        addImage("web1", "/diskimages/Xen_image_1_0/inner");
        assertReason("storageServerPath", "It overlaps with /diskimages/Xen_image_1_0/inner of filesystem image web1.");
    }

    @Test
    public void takesTheAnswersOfAnInstallationAgain() {
        site.servers.put(
                "NFS-server",
                new StorageServer("NFS-server", "nfs", "10.77.0.2", "10.77.0.3", "/diskimages", Source.KEY));
        addImage("Xen_image_1_0", "/diskimages/Xen_image_1_0");
        store.taken = List.of("/diskimages/Xen_image_1_0");
        store.freeBytes = 0;
        assertEquals(Map.of(), wizard.validate(site.answers));
    }

    @Test
    public void refusesAnotherPlaceForTheImageThatIsThere() {
        addImage("Xen_image_1_0", "/diskimages/elsewhere");
        assertReason(
                "storageServerPath",
                "Filesystem image Xen_image_1_0 is there already, at /diskimages/elsewhere on NFS-server. Give these, or"
                        + " delete it.");
    }

    @Test
    public void refusesAPathWithoutADirectoryForTheExportRoot() {
        site.answers.put("storageServerPath", "/Xen_image_1_0");
        assertReason(
                "storageServerPath",
                "It needs a directory above it that can be the export root, as in /diskimages/Xen_image_1_0.");
    }

    @Test
    public void comparesTheRoomWithWhatIsToBeCopied() {
        site.source.inventory = site.source.inventory.replace("used-kib=1024", "used-kib=2097152");
        assertReason(
                "storageServerPath",
                "The source system occupies 2048 MiB; there are 1024 MiB free on the storage server.");
    }

    @Test
    public void refusesAGatewayThatHostsCouldNotReach() {
        site.answers.put("defaultGateway", "192.168.1.1");
        assertReason(
                "defaultGateway",
                "It is in no network of the source system or of this server, so hosts could not reach it.");
    }

    @Test
    public void refusesATypeThatNobodyProvides() {
        wizard = wizard(List.of());
        assertReason("storageServerType", "No plug-in that is there keeps images so.");
    }

    @Test
    public void refusesTheNameOfAnotherStorageServer() {
        site.servers.put(
                "NFS-server", new StorageServer("NFS-server", "nfs", "10.77.0.9", "10.77.0.3", "/diskimages", null));
        assertReason(
                "storageServerName",
                "There is a storage server of that name with address 10.77.0.9 instead of 10.77.0.2. Give its facts, or"
                        + " another name.");
    }

    private void addImage(String name, String path) {
        site.images.put(
                name, new FilesystemImage(name, "NFS-server", path, FilesystemImage.State.READY, "", 0, null, ""));
    }

    private void assertReason(String question, String reason) {
        assertEquals(Map.of(question, reason), wizard.validate(site.answers));
    }
}
