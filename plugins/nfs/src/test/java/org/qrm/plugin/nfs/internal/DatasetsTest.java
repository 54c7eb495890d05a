package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;

/** Images that are ZFS datasets, with a ZFS that is played by {@code zfs.sh}. */
public class DatasetsTest {

    private static final List<StorageClient> MACHINE = List.of(new StorageClient("10.77.0.101", true));
    private static final ImageSource EMPTY = new ImageSource.Empty();
    private static final long GIB = 1L << 30;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage =
            new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), in("tank/images"));
    private StorageServer server;
    private SystemdHost host;
    private Path root;
    private Path datasets;

    @Before
    public void makeAStorageServer() throws Exception {
        host = new SystemdHost(folder, commands);
        root = host.images;
        server = Bench.server(root);
        datasets = Files.createDirectories(host.system.resolve("zfs"));
        String zfs = new String(getClass().getResourceAsStream("zfs.sh").readAllBytes(), StandardCharsets.UTF_8);
        host.program("zfs", zfs);
        host.program("zpool", zfs);
        host.program("sleep", "exit 0");
        isFree(10 * GIB);
    }

    @After
    public void stop() {
        storage.stop();
    }

    @Test
    public void aNewImageIsADatasetThatIsMountedBeforeTheNfsServerStarts() throws Exception {
        FilesystemImage image = create("web1");
        String name = onlyDataset();
        assertTrue(name, name.matches("tank/images/qrm-web1-[0-9a-f]{12}"));
        assertEquals(GIB, refquota(name));
        assertEquals(
                "rw,nosuid,nodev",
                Files.readString(host.system.resolve("options")).strip());
        Path units = host.system.resolve("etc/systemd/system");
        String unit = (root + "/web1").substring(1).replace('/', '-') + ".mount";
        String mount = Files.readString(units.resolve(unit));
        assertTrue(
                mount, mount.contains("\nWants=zfs-import.target\nAfter=zfs-import.target\nDefaultDependencies=no\n"));
        assertTrue(mount, mount.contains("\n[Mount]\nWhat=" + name + "\nWhere=" + root + "/web1\nType=zfs\n"));
        assertTrue(Files.exists(units.resolve("nfs-server.service.wants").resolve(unit)));
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(host.exported("web1").contains("mountpoint"));

        storage.remove(server, image, bench);
        storage.remove(server, image, bench);
        assertFalse(Files.exists(units.resolve(unit)));
        assertNothingIsLeft();
    }

    @Test
    public void isMountedAgainAlsoWhenItsPoolComesLate() throws Exception {
        FilesystemImage image = confined("web1");
        host.restart();
        String zfs = Files.readString(folder.getRoot().toPath().resolve("programs/zfs"));
        host.program("zfs", """
                echo x >>"$QRM_TEST_ROOT/tries"
                [ "$(wc -l <"$QRM_TEST_ROOT/tries")" -gt 3 ] || exit 1
                """ + zfs);
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        host.restart();
        storage.probe(server, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
    }

    @Test
    public void isNotOpenedWhenItIsGone() throws Exception {
        FilesystemImage image = create("web1");
        host.restart();
        Files.delete(file(onlyDataset()));
        assertFails(Kind.NOT_FOUND, "dataset does not exist", () -> storage.setAccess(server, image, MACHINE, bench));
        assertFalse(Files.exists(host.system.resolve("etc/exports.d/qrm-web1.exports")));
        storage.remove(server, image, bench);
        host.assertNothingIsLeft();
    }

    @Test
    public void leavesDatasetsOfOthersAlone() throws Exception {
        FilesystemImage image = create("web1");
        String name = onlyDataset();
        storage.remove(server, image, bench);
        for (String made :
                List.of("-", "inherited from tank", "local")) { // the last one is of an image that nobody knows
            String theirs = "0 " + GIB + " 24576 " + made + "\n";
            Files.writeString(file(name), theirs);
            assertFails(Kind.CONFLICT, "there is a dataset " + name + " already", () -> create("web1"));
            FilesystemImage old = host.directory("web1");
            assertFails(Kind.CONFLICT, "already", () -> storage.confine(server, old, bench));
            storage.remove(server, old, bench);
            assertEquals(theirs, Files.readString(file(name)));
            host.assertNothingIsLeft();
        }
    }

    @Test
    public void removesAndChangesNothingThatHasNotItsProperty() throws Exception {
        FilesystemImage image = create("web1");
        String name = onlyDataset();
        String theirs = "0 " + GIB + " 24576 inherited from tank\n";
        Files.writeString(file(name), theirs);
        assertFails(Kind.CONFLICT, "has no property qrm:made", () -> storage.remove(server, image, bench));
        assertFails(Kind.CONFLICT, "has no property qrm:made", () -> storage.grow(server, image, 2, bench));
        Path marker = root.resolve(".qrm/web1");
        Files.writeString(marker, Files.readString(marker).replace("state=ready", "state=filling"));
        host.restart();
        assertFails(Kind.CONFLICT, "has no property qrm:made", () -> create("web1"));
        assertEquals(theirs, Files.readString(file(name)));
    }

    @Test
    public void isNotRemovedWhileItHasSnapshotsOfTheAdministrator() throws Exception {
        FilesystemImage image = confined("web1");
        storage.setAccess(server, image, MACHINE, bench);
        Path snapshots = Files.createFile(Path.of(file(onlyDataset()) + ".snapshots"));
        assertFails(Kind.CONFLICT, "has snapshots", () -> storage.remove(server, image, bench));
        assertTrue("is still open", host.exported("web1").contains("10.77.0.101"));
        assertTrue("and mounted", Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        Files.delete(snapshots);
        storage.remove(server, image, bench);
        assertNothingIsLeft();
    }

    @Test
    public void growsWhileItIsUsedAndNeverShrinks() throws Exception {
        FilesystemImage image = create("web1");
        storage.setAccess(server, image, MACHINE, bench);
        storage.grow(server, image, 3, bench);
        storage.grow(server, image, 3, bench);
        assertEquals(3 * GIB, refquota(onlyDataset()));
        assertFails(Kind.INVALID, "grow only", () -> storage.grow(server, image, 2, bench));
        assertEquals(3 * GIB, refquota(onlyDataset()));
    }

    @Test
    public void theCheckLooksForTheDatasetAndSaysWhatIsFreeAndPromised() throws Exception {
        StorageFacts facts = storage.probe(server, bench);
        assertEquals("kernel NFS server; images in ZFS dataset tank/images", facts.implementation());
        assertEquals(10 * GIB, facts.freeBytes());
        assertEquals("", facts.warning());
        storage.grow(server, create("web1"), 20, bench);
        assertEquals(
                "the images in ZFS dataset tank/images may still grow by 20479 MiB, and 10240 MiB are free there",
                storage.probe(server, bench).warning());
        isFree(12L << 20);
        assertFails(Kind.UNAVAILABLE, "needs 16 MiB, and 12 MiB are free in ZFS dataset", () -> create("web2"));
        storage.configure(in("tank/other"));
        assertFails(Kind.UNAVAILABLE, "no ZFS dataset tank/other", () -> storage.probe(server, bench));
        assertFails(Kind.UNAVAILABLE, "no ZFS dataset tank/other", () -> create("web3"));
    }

    @Test
    public void whatIsThereGoesOnWhenTheSettingChanges() throws Exception {
        FilesystemImage image = confined("web1");
        storage.configure(Map.of());
        host.restart();
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        storage.grow(server, image, 3, bench);
        storage.remove(server, image, bench);
        assertNothingIsLeft();
    }

    @Test
    public void anImageThatWasGivenUpIsTakenWithItsDataset() throws Exception {
        FilesystemImage image = confined("web1");
        FilesystemImage other = Bench.image("other", Path.of(image.path()));
        assertFails(Kind.CONFLICT, "given up", () -> storage.create(server, other, EMPTY, bench));
        storage.create(server, other, new ImageSource.Existing(), bench);
        host.restart();
        storage.grow(server, other, 20, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
    }

    @Test
    public void aConversionThatIsKilledAnywhereLosesNothingAndCanBeRepeated() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            FilesystemImage image = host.directory("web" + step);
            killed = host.killedAt(step, () -> storage.confine(server, image, bench));
            if (step % 2 == 0) {
                host.restart();
            }
            storage.size(server, image, bench); // as whatever uses it, which mounts it first
            assertEquals("step " + step, "127.0.0.1", Files.readString(Path.of(image.path() + "/etc/hosts")));
            if (step % 3 != 0) {
                storage.confine(server, image, bench);
                assertEquals("step " + step, "127.0.0.1", Files.readString(Path.of(image.path() + "/etc/hosts")));
                assertTrue(refquota(onlyDataset()) >= GIB);
            }
            storage.remove(server, image, bench);
            assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 20);
    }

    @Test
    public void aCreationThatIsKilledAnywhereIsRepeatedOrRemoved() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            String name = "web" + step;
            killed = host.killedAt(step, () -> create(name));
            if (step % 2 == 0) {
                host.restart();
                create(name);
                assertEquals(GIB, refquota(onlyDataset()));
            }
            storage.remove(server, Bench.image(name, root.resolve(name)), bench);
            assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 15);
    }

    @Test
    public void aRemovalThatIsKilledAnywhereIsRepeated() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            FilesystemImage image = create("web" + step);
            killed = host.killedAt(step, () -> storage.remove(server, image, bench));
            storage.remove(server, image, bench);
            assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 8);
    }

    private static Map<String, Object> in(String dataset) {
        return Map.of("imageGib", "1", "imageVolumes", "zfs:" + dataset);
    }

    private void isFree(long bytes) throws IOException {
        Files.writeString(file("tank/images"), bytes + " 0 24576 -\n");
    }

    private Path file(String dataset) {
        return datasets.resolve(dataset.replace('/', '%'));
    }

    /** Without the one that they are made below. */
    private List<String> names() throws IOException {
        try (var files = Files.list(datasets)) {
            return files.map(file -> file.getFileName().toString().replace('%', '/'))
                    .filter(name -> name.startsWith("tank/images/") && !name.contains("."))
                    .toList();
        }
    }

    private String onlyDataset() throws IOException {
        assertEquals(names().toString(), 1, names().size());
        return names().get(0);
    }

    private long refquota(String dataset) throws IOException {
        return Long.parseLong(Files.readString(file(dataset)).split(" ")[1]);
    }

    private void assertNothingIsLeft() throws IOException {
        host.assertNothingIsLeft();
        assertEquals(List.of(), names());
    }

    private FilesystemImage create(String name) {
        FilesystemImage image = Bench.image(name, root.resolve(name));
        storage.create(server, image, EMPTY, bench);
        return image;
    }

    private FilesystemImage confined(String name) throws Exception {
        FilesystemImage image = host.directory(name);
        storage.confine(server, image, bench);
        return image;
    }

    private static void assertFails(Kind kind, String saying, org.junit.function.ThrowingRunnable work) {
        QrmException problem = assertThrows(QrmException.class, work);
        assertEquals(problem.getMessage(), kind, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains(saying));
    }
}
