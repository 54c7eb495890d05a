package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

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
 * The steps by which images come to file systems of their own, on a storage server with systemd and the kernel's NFS server that
 * a directory plays: to mount a file is to move what "it holds" to the place. {@link ConfinementTest} mounts.
 */
public class OwnFileSystemTest {

    private static final List<StorageClient> MACHINE = List.of(new StorageClient("10.77.0.101", true));
    private static final ImageSource EMPTY = new ImageSource.Empty();
    private static final ImageSource EXISTING = new ImageSource.Existing();

    /** Ends the script there, as a lost connection or a power failure does, before the step of that number. */
    private static final String STEP = """
            steps=0
            if [ -n "${KILL_AT-}" ]; then
                { read -r steps <"$QRM_TEST_ROOT/steps" || :; } 2>/dev/null
                steps=$((steps + 1))
                echo $steps >"$QRM_TEST_ROOT/steps"
            fi
            if [ "$steps" = "${KILL_AT-}" ]; then
                p=$PPID
                while tr '\\0' ' ' </proc/$p/cmdline | grep -q '^sh -s --'; do
                    scripts="$p ${scripts-}"
                    p=$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$p/status)
                done
                kill -9 $scripts
                exit 1
            fi
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage =
            new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), Map.of("imageGib", "1"));
    private StorageServer server;
    private Path system;
    private Path root;
    private ScriptedHost host;

    @Before
    public void makeAStorageServer() throws Exception {
        host = new ScriptedHost(folder, commands);
        system = host.system;
        root = host.images;
        Files.createDirectories(system.resolve("proc/self"));
        Files.createDirectories(system.resolve("run/systemd/system"));
        Files.writeString(system.resolve("proc/self/mountinfo"), "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n");
        server = Bench.server(root);
        program("exportfs", "[ \"$1\" = -ra ] || echo \"$(ls -d " + root + "/*)  10.77.0.101(rw)\"");
        program("losetup", "[ \"$1\" != -nO ] || echo /dev/loop0");
        program("resize2fs", "echo \"$*\" >>\"$QRM_TEST_ROOT/resized\"");
        program("e2fsck", "exit 1"); // corrected something
        program(
                "mkfs.ext4",
                "for last; do :; done; /bin/mkdir \"$(dirname \"$last\")/$(basename \"$last\" .new).holds\"");
        program("systemctl", "echo \"$*\" >>\"$QRM_TEST_ROOT/systemctl\"");
        program("systemd-escape", "for last; do :; done; echo \"$(echo \"${last#/}\" | tr / -).mount\"");
        program("mount", """
                [ "$*" = "-t ext4 -o $4 -- $6 $7" ] && [ -d "$7" ] && [ -z "$(ls -A "$7")" ] || exit 1
                echo "$4" >"$QRM_TEST_ROOT/options"
                find "$6.holds" -mindepth 1 -maxdepth 1 -exec /bin/mv {} "$7/" ';'
                echo "30 22 7:0 / $7 rw - ext4 $6 rw" >>"$QRM_TEST_ROOT/proc/self/mountinfo"
                """);
        program("umount", """
                disk=$(awk -v p="$2" '$5 == p { print $9 }' "$QRM_TEST_ROOT/proc/self/mountinfo")
                find "$2" -mindepth 1 -maxdepth 1 -exec /bin/mv {} "$disk.holds/" ';'
                sed -i "\\\\# $2 rw#d" "$QRM_TEST_ROOT/proc/self/mountinfo"
                """);
        for (String real : List.of("mv", "rm", "rmdir", "mkdir", "cp", "truncate", "sync")) {
            program(real, "exec /bin/" + real + " \"$@\"");
        }
        program("rm", """
                for last; do :; done
                case $last in *.img) /bin/rm -rf "$last.holds" ;; esac
                exec /bin/rm "$@"
                """);
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
        assertTrue(exported("web1"), exported("web1").contains("(rw,sync,mountpoint,no_subtree_check,"));

        storage.remove(server, image, bench);
        assertFalse(Files.exists(units.resolve(name)));
        assertNothingIsLeft();
    }

    @Test
    public void isMountedAgainBeforeItIsOpened() throws Exception {
        FilesystemImage image = confined("web1");
        restart();
        assertFalse(Files.exists(Path.of(image.path()).resolve("etc")));
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        restart();
        storage.probe(server, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
    }

    @Test
    public void isNotOpenedWhenItsFileIsGone() throws Exception {
        FilesystemImage image = confined("web1");
        restart();
        Files.delete(root.resolve(".qrm/disks/web1.img"));
        assertFails(Kind.NOT_FOUND, "is gone", () -> storage.setAccess(server, image, MACHINE, bench));
        assertFalse(Files.exists(system.resolve("etc/exports.d/qrm-web1.exports")));
    }

    @Test
    public void refusesWhatWouldShareAFileSystemUnlessThatIsAllowed() throws Exception {
        Files.createDirectories(root.resolve("there/etc"));
        assertFails(Kind.CONFLICT, "sharedFileSystems = allow", () -> create("there", EXISTING));
        program("losetup", "exit 1");
        assertFails(Kind.CONFLICT, "no loop devices", () -> create("web1", EMPTY));
        storage.configure(Map.of("sharedFileSystems", "allow"));
        create("there", EXISTING);
        FilesystemImage image = create("web1", EMPTY);
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(exported("web1"), exported("web1").contains("(rw,sync,subtree_check,"));
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
        program("df", "echo; echo \"x 0 0 100000 0% x\"");
        create("web1", EMPTY);
        assertEquals(100000 * 1024L, Files.size(root.resolve(".qrm/disks/web1.img")));
        program("df", "echo; echo \"x 0 0 10000 0% x\"");
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
        program("df", "echo; echo \"x 0 0 1000 0% x\"");
        assertFails(
                Kind.UNAVAILABLE,
                "needs 1024 MiB more, and 0 MiB are free",
                () -> storage.grow(server, image, 4, bench));
        assertEquals(3L << 30, Files.size(disk));
    }

    @Test
    public void doesNotConvertWhatMachinesMayMount() throws Exception {
        FilesystemImage image = directory("web1");
        storage.setAccess(server, image, MACHINE, bench);
        assertFails(Kind.CONFLICT, "Stop the virtual environments", () -> storage.confine(server, image, bench));
    }

    @Test
    public void anImageThatWasGivenUpIsTakenWithItsFileSystem() throws Exception {
        FilesystemImage image = confined("web1");
        FilesystemImage other = Bench.image("other", Path.of(image.path()));
        assertFails(Kind.CONFLICT, "given up", () -> storage.create(server, other, EMPTY, bench));
        storage.create(server, other, EXISTING, bench);
        restart();
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
            FilesystemImage image = directory("web" + step);
            killed = killedAt(step, () -> storage.confine(server, image, bench));
            if (step % 2 == 0) {
                restart();
            }
            storage.size(server, image, bench); // as whatever uses it, which mounts it first
            assertEquals("step " + step, "127.0.0.1", Files.readString(Path.of(image.path() + "/etc/hosts")));
            storage.confine(server, image, bench);
            assertEquals("step " + step, "127.0.0.1", Files.readString(Path.of(image.path() + "/etc/hosts")));
            assertTrue(Files.exists(root.resolve(".qrm/disks/" + image.name() + ".img")));
            storage.remove(server, image, bench);
            assertNothingIsLeft();
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
            killed = killedAt(step, () -> create(name, EMPTY));
            if (step % 2 == 0) {
                create(name, EMPTY);
                assertTrue(Files.exists(root.resolve(".qrm/disks/" + name + ".img")));
            }
            storage.remove(server, Bench.image(name, root.resolve(name)), bench);
            assertNothingIsLeft();
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
            killed = killedAt(step, () -> storage.remove(server, image, bench));
            storage.remove(server, image, bench);
            assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 5);
    }

    private boolean killedAt(int step, Runnable work) throws Exception {
        Files.deleteIfExists(system.resolve("steps"));
        commands.environment.put("KILL_AT", String.valueOf(step));
        try {
            work.run();
            return false;
        } catch (QrmException killed) {
            assertEquals(
                    "step " + step + ": " + killed.getMessage(),
                    Kind.FAILED,
                    killed.problem().kind());
            assertTrue(killed.getMessage(), killed.getMessage().contains("137"));
            return true;
        } finally {
            commands.environment.remove("KILL_AT");
        }
    }

    private FilesystemImage create(String name, ImageSource source) {
        FilesystemImage image = Bench.image(name, root.resolve(name));
        storage.create(server, image, source, bench);
        return image;
    }

    /** As in release 0.1: made by QRM, and filled. */
    private FilesystemImage directory(String name) throws Exception {
        Files.createDirectories(root.resolve(".qrm"));
        Files.writeString(
                root.resolve(".qrm").resolve(name), "path=" + root.resolve(name) + "\nmade=yes\nstate=ready\n");
        Files.createDirectories(root.resolve(name).resolve("etc"));
        Files.writeString(root.resolve(name).resolve("etc/hosts"), "127.0.0.1");
        return Bench.image(name, root.resolve(name));
    }

    private FilesystemImage confined(String name) throws Exception {
        FilesystemImage image = directory(name);
        storage.confine(server, image, bench);
        return image;
    }

    /** Of a storage server on which nothing mounts at boot. */
    private void restart() throws Exception {
        for (String line : Files.readAllLines(system.resolve("proc/self/mountinfo"))) {
            String place = line.split(" ")[4];
            if (!place.equals("/")) {
                GaneshaHost.run(
                        "env",
                        "QRM_TEST_ROOT=" + system,
                        host.programs.resolve("umount").toString(),
                        "--",
                        place);
            }
        }
    }

    private String exported(String image) throws Exception {
        return Files.readString(system.resolve("etc/exports.d/qrm-" + image + ".exports"));
    }

    private void assertNothingIsLeft() throws Exception {
        try (var files = Files.walk(root)) {
            assertEquals(List.of(root), files.toList());
        }
        assertEquals(
                1, Files.readAllLines(system.resolve("proc/self/mountinfo")).size());
    }

    private void program(String name, String body) throws Exception {
        host.program(name, STEP + body);
    }

    private static void assertFails(Kind kind, String saying, org.junit.function.ThrowingRunnable work) {
        QrmException problem = assertThrows(QrmException.class, work);
        assertEquals(problem.getMessage(), kind, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains(saying));
    }
}
