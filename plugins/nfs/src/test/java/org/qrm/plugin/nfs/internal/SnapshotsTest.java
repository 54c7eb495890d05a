package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;

/** Snapshots of images of each kind, with LVM and ZFS that are played. */
@RunWith(Parameterized.class)
public class SnapshotsTest {

    private static final List<StorageClient> MACHINE = List.of(new StorageClient("10.77.0.101", true));

    @Parameters(name = "{0}")
    public static DiskKind[] kinds() {
        return DiskKind.values();
    }

    @Parameter
    public DiskKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private NfsStorage storage;
    private SystemdHost host;
    private StorageServer server;

    @Before
    public void makeAStorageServer() throws Exception {
        host = kind.host(folder, commands);
        server = Bench.server(host.images);
        storage = new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), kind.settings());
    }

    @After
    public void stop() {
        storage.stop();
    }

    @Test
    public void anImageHasTheContentOfEachSnapshotAgainAndKeepsThem() throws Exception {
        FilesystemImage image = create("web1");
        write(image, "first");
        take(image, "a");
        write(image, "second");
        take(image, "b");
        write(image, "third");
        restore(image, "b");
        assertEquals("second", read(image));
        if (kind == DiskKind.DATASET) {
            assertFails(Kind.CONFLICT, "these are newer: b", () -> restore(image, "a"));
            assertEquals("second", read(image));
            forget(image, "b");
        }
        restore(image, "a");
        write(image, "fourth");
        host.restart();
        restore(image, "a");
        assertEquals("first", read(image));
        forget(image, "a");
        forget(image, "a");
        forget(image, "b");
        assertFails(Kind.NOT_FOUND, "no snapshot a", () -> restore(image, "a"));
        assertEquals("first", read(image));
        storage.remove(server, image, bench);
        assertNothingIsLeft();
    }

    @Test
    public void isTakenWhileMachinesUseTheImageWhereThatIsConsistent() throws Exception {
        FilesystemImage image = create("web1");
        write(image, "first");
        storage.setAccess(server, image, MACHINE, bench);
        if (kind == DiskKind.FILE) {
            assertFails(Kind.CONFLICT, "machines may mount web1 now", () -> take(image, "a"));
        } else {
            take(image, "a");
            write(image, "second");
            assertFails(Kind.CONFLICT, "machines may mount web1 now", () -> restore(image, "a"));
        }
        assertTrue(host.exported("web1").contains("10.77.0.101"));
        storage.setAccess(server, image, List.of(), bench);
        if (kind == DiskKind.FILE) {
            take(image, "a");
            write(image, "second");
        }
        restore(image, "a");
        assertEquals("first", read(image));
    }

    @Test
    public void anImageIsNotRemovedBeforeItsSnapshots() throws Exception {
        FilesystemImage image = create("web1");
        write(image, "first");
        take(image, "a");
        storage.setAccess(server, image, MACHINE, bench);
        assertFails(Kind.CONFLICT, "has snapshots", () -> storage.remove(server, image, bench));
        assertTrue("is still open", host.exported("web1").contains("10.77.0.101"));
        assertEquals("and mounted", "first", read(image));
        forget(image, "a");
        storage.remove(server, image, bench);
        assertNothingIsLeft();
    }

    @Test
    public void imagesOfSimilarNamesDoNotShareSnapshots() throws Exception {
        FilesystemImage one = create("web");
        FilesystemImage other = create("web-1");
        write(one, "of web");
        write(other, "of web-1");
        take(one, "1-a");
        take(other, "a");
        write(one, "new");
        write(other, "new");
        assertFails(Kind.NOT_FOUND, "no snapshot a", () -> restore(one, "a"));
        restore(other, "a");
        forget(other, "a");
        restore(one, "1-a");
        assertEquals("of web", read(one));
        assertEquals("of web-1", read(other));
        storage.remove(server, other, bench);
    }

    @Test
    public void aNameOfAnySortWillDo() throws Exception {
        FilesystemImage image = create("web1");
        for (String name : List.of("a_tdata", "A".repeat(63), "new")) {
            write(image, name);
            take(image, name);
            write(image, "other");
            restore(image, name);
            assertEquals(name, read(image));
        }
        for (String name : List.of("a/b", "../a", "a b", "a@b", "", "$(reboot)", "-a", "a,b", "ä")) {
            assertFails(Kind.INVALID, "no name of a snapshot", () -> take(image, name));
        }
    }

    @Test
    public void whatQrmMadeNoFileSystemForHasNone() throws Exception {
        FilesystemImage image = host.directory("old");
        assertFails(Kind.CONFLICT, "QRM has made no file system for old", () -> take(image, "a"));
        forget(image, "a");
        storage.confine(server, image, bench);
        take(image, "a");
        restore(image, "a");
        assertEquals("127.0.0.1", Files.readString(Path.of(image.path()).resolve("etc/hosts")));
    }

    @Test
    public void aTakingThatIsKilledAnywhereIsRepeatedAndLeavesTheImageAsItIs() throws Exception {
        FilesystemImage image = create("web1");
        int step = 1;
        boolean killed = true;
        while (killed) {
            write(image, "first");
            killed = host.killedAt(step, () -> take(image, "a"));
            mounted(image);
            assertEquals("step " + step, "first", read(image));
            write(image, "second");
            take(image, "a");
            write(image, "third");
            restore(image, "a");
            assertEquals("step " + step, "second", read(image));
            step++;
        }
        assertTrue("there are " + step + " steps", step > 4);
    }

    @Test
    public void aRemovalThatIsKilledAnywhereIsRepeated() throws Exception {
        FilesystemImage image = create("web1");
        int step = 1;
        boolean killed = true;
        while (killed) {
            take(image, "a");
            killed = host.killedAt(step, () -> forget(image, "a"));
            forget(image, "a");
            step++;
        }
        assertTrue("there are " + step + " steps", step > 2);
        storage.remove(server, image, bench);
        assertNothingIsLeft();
    }

    @Test
    public void aRestoringThatIsKilledAnywhereIsRepeatedAndLosesNoSnapshot() throws Exception {
        FilesystemImage image = create("web1");
        write(image, "first");
        take(image, "a");
        int step = 1;
        boolean killed = true;
        while (killed) {
            write(image, "second");
            killed = host.killedAt(step, () -> restore(image, "a"));
            if (step % 3 == 0) {
                host.restart();
            }
            if (step % 2 == 0 || !killed) {
                mounted(image); // as by whatever uses it
                assertTrue(
                        "step " + step + ": " + read(image),
                        List.of("first", "second").contains(read(image)));
                write(image, "third");
            }
            restore(image, "a");
            assertEquals("step " + step, "first", read(image));
            step++;
        }
        assertTrue("there are " + step + " steps", step > 5);
        forget(image, "a");
        storage.remove(server, image, bench);
        assertNothingIsLeft();
    }

    @Test
    public void aRestoringThatWasCutOffIsInNobodysWayWhenTheImageIsRemoved() throws Exception {
        assumeTrue("does not apply: nothing is in between there", kind == DiskKind.THICK || kind == DiskKind.THIN);
        int step = 1;
        boolean killed = true;
        while (killed) {
            FilesystemImage image = create("web" + step);
            take(image, "a");
            killed = host.killedAt(step, () -> restore(image, "a"));
            forget(image, "a");
            storage.remove(server, image, bench);
            assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 5);
    }

    @Test(timeout = 120_000)
    public void aMergeThatDoesNotGetOnIsWaitedForSoLongAndNoLonger() throws Exception {
        assumeTrue("does not apply: only thick volumes merge", kind == DiskKind.THICK);
        commands.environment.put("QRM_TEST_MERGE_SECONDS", "20");
        host.program("sleep", "exec /bin/sleep 0.1");
        FilesystemImage image = create("web1");
        write(image, "first");
        take(image, "a");
        write(image, "second");
        Path stuck = Files.createFile(host.system.resolve("lvm/vg/merge-stuck"));
        assertFails(
                Kind.UNAVAILABLE,
                "still being merged into volume vg/" + onlyVolumeOf(image) + ": 37.00 % are left, after 20 s in which"
                        + " nothing moved",
                () -> restore(image, "a"));
        assertFails(Kind.UNAVAILABLE, "37.00 % are left, after 2 s", () -> mounted(image));
        assertFails(Kind.UNAVAILABLE, "37.00 % are left, after 2 s", () -> take(image, "b"));
        Files.delete(stuck);
        mounted(image);
        assertEquals("first", read(image));
        write(image, "third");
        restore(image, "a");
        assertEquals("first", read(image));
    }

    private String onlyVolumeOf(FilesystemImage image) throws IOException {
        try (var files = Files.list(host.system.resolve("lvm/vg/volumes"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("qrm-" + image.name() + "-[0-9a-f]{12}"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    public void leavesSnapshotsOfOthersAlone() throws Exception {
        assumeTrue("does not apply: snapshots in files have names of QRM's own", kind != DiskKind.FILE);
        FilesystemImage image = create("web1");
        take(image, "a");
        Path snapshot = onlySnapshot();
        String theirs = Files.readString(snapshot)
                .replace("qrm-name=a", "theirs")
                .replace("snapshot local", "yes inherited from tank");
        Files.writeString(snapshot, theirs);
        assertFails(Kind.CONFLICT, "none of QRM's", () -> take(image, "a"));
        assertFails(Kind.CONFLICT, "none of QRM's", () -> restore(image, "a"));
        assertFails(Kind.CONFLICT, "none of QRM's", () -> forget(image, "a"));
        assertEquals(theirs, Files.readString(snapshot));
    }

    @Test
    public void aThickVolumeWithSnapshotsDoesNotGrowAndNeedsRoomForThem() throws Exception {
        assumeTrue("does not apply: only thick volumes promise room to a snapshot", kind == DiskKind.THICK);
        FilesystemImage image = create("web1");
        Path free = host.system.resolve("lvm/vg/free");
        String room = Files.readString(free);
        Files.writeString(free, "1000\n");
        assertFails(Kind.UNAVAILABLE, "needs 1024 MiB for a snapshot", () -> take(image, "a"));
        Files.writeString(free, room);
        take(image, "a");
        assertFails(Kind.CONFLICT, "has snapshots", () -> storage.grow(server, image, 3, bench));
        forget(image, "a");
        storage.grow(server, image, 3, bench);
    }

    /** Without QRM's own files, of the only snapshot that there is. */
    private Path onlySnapshot() throws IOException {
        Path where = host.system.resolve(kind == DiskKind.DATASET ? "zfs-snapshots" : "lvm/vg/volumes");
        try (var files = Files.list(where)) {
            List<Path> all = files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches(".*@a|.*-[0-9a-f]{8}"))
                    .toList();
            assertEquals(all.toString(), 1, all.size());
            return all.get(0);
        }
    }

    private void assertNothingIsLeft() throws IOException {
        host.assertNothingIsLeft();
        for (String where : List.of("lvm/vg/volumes", "zfs", "zfs-snapshots", "dev/vg")) {
            if (Files.exists(host.system.resolve(where))) {
                try (var files = Files.list(host.system.resolve(where))) {
                    assertEquals(
                            List.of(),
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> !List.of("pool", "tank%images", "next")
                                            .contains(name))
                                    .toList());
                }
            }
        }
    }

    private FilesystemImage create(String name) {
        FilesystemImage image = Bench.image(name, host.images.resolve(name));
        storage.create(server, image, new ImageSource.Empty(), bench);
        return image;
    }

    private void take(FilesystemImage image, String snapshot) {
        storage.createSnapshot(server, image, snapshot, bench);
    }

    private void restore(FilesystemImage image, String snapshot) {
        storage.restoreSnapshot(server, image, snapshot, bench);
    }

    private void forget(FilesystemImage image, String snapshot) {
        storage.removeSnapshot(server, image, snapshot, bench);
    }

    /** As by whatever uses it. */
    private void mounted(FilesystemImage image) {
        storage.size(server, image, bench);
    }

    private static void write(FilesystemImage image, String text) throws IOException {
        Files.writeString(Path.of(image.path()).resolve("state"), text);
    }

    private static String read(FilesystemImage image) throws IOException {
        return Files.readString(Path.of(image.path()).resolve("state"));
    }

    private static void assertFails(Kind kind, String saying, org.junit.function.ThrowingRunnable work) {
        QrmException problem = assertThrows(QrmException.class, work);
        assertEquals(problem.getMessage(), kind, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains(saying));
    }
}
