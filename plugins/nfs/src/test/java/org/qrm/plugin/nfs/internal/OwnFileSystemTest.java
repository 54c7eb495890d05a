package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
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
import org.qrm.api.storage.StorageServer;

/**
 * The steps by which images come to file systems of their own, in files. {@link ConfinementTest} mounts.
 */
public class OwnFileSystemTest {

    private static final List<StorageClient> MACHINE = List.of(new StorageClient("10.77.0.101", true));
    private static final ImageSource EMPTY = new ImageSource.Empty();
    private static final ImageSource EXISTING = new ImageSource.Existing();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage =
            new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), Map.of("imageGib", "1"));
    private StorageServer server;
    private Path system;
    private Path root;
    private SystemdHost host;

    @Before
    public void makeAStorageServer() throws Exception {
        host = new SystemdHost(folder, commands);
        system = host.system;
        root = host.images;
        server = Bench.server(root);
    }

    @After
    public void stop() {
        storage.stop();
    }

    @Test
    public void aNewImageIsMountedBeforeTheNfsServerStarts() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        assertEquals(
                "loop,noinit_itable,nosuid,nodev",
                Files.readString(system.resolve("options")).strip());
        String name = (root + "/web1").substring(1).replace('/', '-') + ".mount";
        Path units = system.resolve("etc/systemd/system");
        assertEquals("""
                # Made by QRM for the filesystem image web1.
                [Unit]
                Description=Filesystem image web1
                Before=nfs-server.service nfs-ganesha.service
                [Mount]
                What=%1$s/.qrm/disks/web1.img
                Where=%1$s/web1
                Type=ext4
                Options=loop,noinit_itable,nosuid,nodev
                """.formatted(root), Files.readString(units.resolve(name)));
        for (String service : List.of("nfs-server", "nfs-ganesha")) {
            assertTrue(Files.exists(units.resolve(service + ".service.wants").resolve(name)));
        }
        assertEquals(
                "daemon-reload", Files.readString(system.resolve("systemctl")).strip());
        assertEquals("", storage.probe(server, bench).warning());

        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(host.exported("web1"), host.exported("web1").contains("(rw,sync,mountpoint,no_subtree_check,"));

        storage.remove(server, image, bench);
        assertFalse(Files.exists(units.resolve(name)));
        host.assertNothingIsLeft();
    }

    @Test
    public void isMountedAgainBeforeItIsOpened() throws Exception {
        FilesystemImage image = confined("web1");
        host.restart();
        assertFalse(Files.exists(Path.of(image.path()).resolve("etc")));
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        host.restart();
        storage.probe(server, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
    }

    /** What lies below would be given away. */
    @Test
    public void isMountedInTheStepThatOpensIt() throws Exception {
        FilesystemImage image = confined("web1");
        commands.before = words -> {
            if (words.contains("publish_export")) {
                restartHost();
            }
        };
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        assertTrue(host.exported("web1").contains("10.77.0.101"));
        storage.setAccess(server, image, List.of(), bench);
        commands.before = words -> {
            if (words.contains("publish_export")) {
                restartHost();
                deleteDisk();
            }
        };
        assertFails(Kind.NOT_FOUND, "is gone", () -> storage.setAccess(server, image, MACHINE, bench));
        assertFalse(Files.exists(system.resolve("etc/exports.d/qrm-web1.exports")));
    }

    private void restartHost() {
        try {
            host.restart();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void deleteDisk() {
        try {
            Files.delete(root.resolve(".qrm/disks/web1.img"));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    public void aPathWhoseUnitWouldHaveNoNameIsRefusedBeforeItIsFilled() throws Exception {
        String deep = "/" + "a".repeat(250 - root.toString().length());
        FilesystemImage image = Bench.image("web1", Path.of(root + deep + "/b"));
        assertFails(Kind.INVALID, "is too long for systemd", () -> storage.create(server, image, EMPTY, bench));
        storage.remove(server, image, bench);
        assertFalse(Files.exists(root.resolve(".qrm")));
    }

    @Test
    public void isNotOpenedWhenItsFileIsGone() throws Exception {
        FilesystemImage image = confined("web1");
        host.restart();
        Files.delete(root.resolve(".qrm/disks/web1.img"));
        assertFails(Kind.NOT_FOUND, "is gone", () -> storage.setAccess(server, image, MACHINE, bench));
        assertFalse(Files.exists(system.resolve("etc/exports.d/qrm-web1.exports")));
    }

    @Test
    public void refusesWhatWouldShareAFileSystemUnlessThatIsAllowed() throws Exception {
        Files.createDirectories(root.resolve("there/etc"));
        assertFails(Kind.CONFLICT, "sharedFileSystems = allow", () -> create("there", EXISTING));
        host.program("losetup", "exit 1");
        assertFails(Kind.CONFLICT, "no loop devices", () -> create("web1", EMPTY));
        storage.configure(Map.of("sharedFileSystems", "allow"));
        create("there", EXISTING);
        FilesystemImage image = create("web1", EMPTY);
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(host.exported("web1"), host.exported("web1").contains("(rw,sync,subtree_check,"));
        storage.configure(Map.of("sharedFileSystems", "refuse"));
        storage.setAccess(server, image, List.of(), bench); // those that are there go on
        storage.setAccess(server, image, MACHINE, bench);
    }

    @Test
    public void saysWhichSettingIsWrong() {
        storage.configure(Map.of("sharedFileSystems", "yes"));
        assertFails(Kind.INVALID, "allow or refuse", () -> create("web1", EMPTY));
        for (String size : List.of("", "0", "-1", "1.5", "70000", "a")) {
            storage.configure(Map.of("imageGib", size));
            assertFails(Kind.INVALID, "1 to 65536", () -> create("web1", EMPTY));
        }
    }

    @Test
    public void takesNoMoreThanIsFreeAndSaysWhatIsMissing() throws Exception {
        host.program("df", "echo; echo \"x 0 0 100000 0% x\"");
        create("web1", EMPTY);
        assertEquals(100000 * 1024L, Files.size(root.resolve(".qrm/disks/web1.img")));
        host.program("df", "echo; echo \"x 0 0 10000 0% x\"");
        storage.probe(server, bench);
        assertTrue(bench.log.toString(), bench.log.toString().contains("may still grow by 97 MiB, and 9 MiB are free"));
        assertFails(Kind.UNAVAILABLE, "needs 16 MiB, and 9 MiB are free", () -> create("web2", EMPTY));
    }

    @Test
    public void growsClosedAndOpenButNotBeyondWhatIsFree() throws Exception {
        FilesystemImage image = confined("web1");
        Path disk = root.resolve(".qrm/disks/web1.img");
        storage.grow(server, image, 2, bench);
        assertEquals(2L << 30, Files.size(disk));
        assertEquals(
                disk.toString(), Files.readString(system.resolve("resized")).strip());
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        storage.setAccess(server, image, MACHINE, bench);
        storage.grow(server, image, 3, bench);
        assertTrue(Files.readString(system.resolve("resized")).endsWith("/dev/loop0\n"));
        assertFails(Kind.INVALID, "grow only", () -> storage.grow(server, image, 1, bench));
        host.program("df", "echo; echo \"x 0 0 1000 0% x\"");
        assertFails(
                Kind.UNAVAILABLE,
                "needs 1024 MiB more, and 0 MiB are free",
                () -> storage.grow(server, image, 4, bench));
        assertEquals(3L << 30, Files.size(disk));
    }

    @Test
    public void doesNotConvertWhatMachinesMayMount() throws Exception {
        FilesystemImage image = host.directory("web1");
        storage.setAccess(server, image, MACHINE, bench);
        assertFails(Kind.CONFLICT, "Stop the virtual environments", () -> storage.confine(server, image, bench));
    }

    @Test
    public void anImageThatWasGivenUpIsTakenWithItsFileSystem() throws Exception {
        FilesystemImage image = confined("web1");
        FilesystemImage other = Bench.image("other", Path.of(image.path()));
        assertFails(Kind.CONFLICT, "given up", () -> storage.create(server, other, EMPTY, bench));
        storage.create(server, other, EXISTING, bench);
        host.restart();
        storage.setAccess(server, other, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        assertFails(Kind.CONFLICT, "was there before", () -> storage.remove(server, other, bench));
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
            storage.confine(server, image, bench);
            assertEquals("step " + step, "127.0.0.1", Files.readString(Path.of(image.path() + "/etc/hosts")));
            assertTrue(Files.exists(root.resolve(".qrm/disks/" + image.name() + ".img")));
            storage.remove(server, image, bench);
            host.assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 10);
    }

    @Test
    public void aCreationThatIsKilledAnywhereIsRepeatedOrRemoved() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            String name = "web" + step;
            killed = host.killedAt(step, () -> create(name, EMPTY));
            if (step % 2 == 0) {
                create(name, EMPTY);
                assertTrue(Files.exists(root.resolve(".qrm/disks/" + name + ".img")));
            }
            storage.remove(server, Bench.image(name, root.resolve(name)), bench);
            host.assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 10);
    }

    @Test
    public void aRemovalThatIsKilledAnywhereIsRepeated() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            FilesystemImage image = create("web" + step, EMPTY);
            killed = host.killedAt(step, () -> storage.remove(server, image, bench));
            storage.remove(server, image, bench);
            host.assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 5);
    }

    private FilesystemImage create(String name, ImageSource source) {
        FilesystemImage image = Bench.image(name, root.resolve(name));
        storage.create(server, image, source, bench);
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
