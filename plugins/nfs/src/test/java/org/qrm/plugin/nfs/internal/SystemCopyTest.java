package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
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
import org.qrm.api.operation.CancelledException;
import org.qrm.api.storage.StorageServer;

/** Copies a directory that plays a source system, with real rsync at both ends. */
public class SystemCopyTest {

    private static final ImageSource SOURCE = new ImageSource.System("10.0.0.10", null);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage =
            new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), Map.of("sharedFileSystems", "allow"));
    private Path source;
    private Path programs;
    private Path onSource;
    private StorageServer server;
    private FilesystemImage image;

    @Before
    public void makeMachines() throws Exception {
        assumeTrue("skipped: there is no /usr/bin/rsync", Files.isExecutable(Path.of("/usr/bin/rsync")));
        assumeTrue(
                "skipped: only root can give files their owners",
                ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")) == 0);
        Path top = folder.getRoot().toPath().toRealPath();
        source = Files.createDirectories(top.resolve("source"));
        programs = Files.createDirectories(top.resolve("programs"));
        onSource = Files.createDirectories(top.resolve("on-source"));
        Path root = Files.createDirectories(top.resolve("images"));
        server = Bench.server(root);
        image = Bench.image("host", root.resolve("host"));
        commands.environment.put("PATH", programs + ":" + System.getenv("PATH"));
        commands.prefixes.put("10.0.0.10", List.of("env", "PATH=" + onSource + ":" + System.getenv("PATH")));
        senderRuns("exec /usr/bin/rsync \"$1\" \"$2\" \"$3\" \"$4\" \"$5\" \"$6\" " + source + "/");
        // what is looked at on the source: its directory here, no mounts, and no file of an administrator
        program(
                onSource,
                "find",
                "for word do case $word in /*) word=" + source + "$word ;; esac; set -- \"$@\" \"$word\"; shift; done\n"
                        + "exec /usr/bin/find \"$@\"");
        program(programs, "losetup", "exit 1");
        sourceHas("");
        write("etc/hostname", "the-source");
    }

    @After
    public void stop() {
        storage.stop();
    }

    @Test
    public void copiesFilesAsTheyAre() throws Exception {
        Path file = write("bin/tool", "#!/bin/sh\n");
        Files.setAttribute(file, "unix:uid", 4321);
        GaneshaHost.run("chmod", "4711", file.toString());
        Files.createLink(source.resolve("bin/other-name"), file);
        Files.createSymbolicLink(source.resolve("bin/link"), Path.of("/etc/hostname"));
        write("odd $(id) 'name'\n", "odd");

        create();

        Path copy = Path.of(image.path());
        assertEquals(4321, Files.getAttribute(copy.resolve("bin/tool"), "unix:uid"));
        assertEquals(04711, 07777 & (Integer) Files.getAttribute(copy.resolve("bin/tool"), "unix:mode"));
        assertTrue(Files.isSameFile(copy.resolve("bin/tool"), copy.resolve("bin/other-name")));
        assertEquals(Path.of("/etc/hostname"), Files.readSymbolicLink(copy.resolve("bin/link")));
        assertEquals("odd", Files.readString(copy.resolve("odd $(id) 'name'\n")));
    }

    /** A btrfs source has the attribute btrfs.compression; user.btrfs.compression plays it. */
    @Test
    public void leavesOutAttributesThatOnlyTheFileSystemOfTheSourceHas() throws Exception {
        Path file = write("var/log/journal", "x");
        assumeTrue("the file system has no attributes", Files.getFileStore(file).supportsFileAttributeView("user"));
        UserDefinedFileAttributeView attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        attributes.write("btrfs.compression", ByteBuffer.wrap("zstd".getBytes()));
        attributes.write("keep", ByteBuffer.wrap("1".getBytes()));
        program(
                programs,
                "rsync",
                "for word do case $word in '--filter=-xr btrfs.*') word='--filter=-xr user.btrfs.*' ;; esac;"
                        + " set -- \"$@\" \"$word\"; shift; done; exec /usr/bin/rsync \"$@\"");
        create();
        assertEquals(
                List.of("keep"),
                Files.getFileAttributeView(
                                Path.of(image.path()).resolve("var/log/journal"), UserDefinedFileAttributeView.class)
                        .list());
    }

    @Test
    public void copiesAlsoWithAnRsyncThatKnowsNoRulesForAttributes() throws Exception {
        program(programs, "rsync", "case \"$*\" in *--filter*) exit 1 ;; esac; exec /usr/bin/rsync \"$@\"");
        create();
        assertEquals("the-source", Files.readString(Path.of(image.path()).resolve("etc/hostname")));
    }

    @Test
    public void copiesMoreThanFitsIntoThePipesInBetween() throws Exception {
        for (int i = 0; i < 3000; i++) {
            write("many/" + i % 50 + "/file" + i, "x".repeat(5000 + i));
        }
        create();
        GaneshaHost.run("diff", "-r", source.resolve("many").toString(), image.path() + "/many");
        assertEquals(1.0, bench.fractions.get(bench.fractions.size() - 1), 0);
        assertTrue("told " + bench.fractions.size() + " times", bench.fractions.size() <= 102);
    }

    @Test
    public void leavesOutWhatExistsOnlyWhileTheSystemRuns() throws Exception {
        for (String passing : List.of("proc", "sys", "dev", "run", "tmp", "var/tmp", "mnt", "media")) {
            write(passing + "/passing", "x");
        }
        create();
        for (String passing : List.of("proc", "sys", "dev", "run", "tmp", "var/tmp", "mnt", "media")) {
            assertEquals(List.of(), filesIn(Path.of(image.path()).resolve(passing)));
        }
    }

    @Test
    public void goesOnWhereACopyWasCutOff() throws Exception {
        write("a-first", "x".repeat(100_000));
        Path big = write("b-second", "");
        try (var random = Files.newInputStream(Path.of("/dev/urandom"))) {
            Files.write(big, random.readNBytes(5_000_000));
        }
        String whole = Files.readString(onSource.resolve("rsync"));
        senderRuns("case $3 in -n*) exec /usr/bin/rsync \"$1\" \"$2\" \"$3\" \"$4\" \"$5\" \"$6\" " + source
                + "/ ;; esac\nexec 3<&0\n"
                + "{ /usr/bin/rsync \"$1\" \"$2\" \"$3\" \"$4\" \"$5\" \"$6\" " + source
                + "/ <&3 & echo $! >&4; wait; } 4>" + programs
                + "/pid | { dd bs=1k count=3000 2>/dev/null; kill -9 $(cat " + programs
                + "/pid); }\nexit 1");
        assertThrows(QrmException.class, this::create);
        assertFalse(Files.exists(Path.of(image.path())));
        Path part = Path.of(image.path()).resolveSibling(".qrm-host.part");
        Object inode = Files.getAttribute(part.resolve("a-first"), "unix:ino");
        assertTrue(Files.size(part.resolve("b-second")) > 1_000_000);

        Files.writeString(onSource.resolve("rsync"), whole);
        create();
        assertEquals(inode, Files.getAttribute(Path.of(image.path()).resolve("a-first"), "unix:ino"));
        assertEquals(-1, Files.mismatch(big, Path.of(image.path()).resolve("b-second")));
        create();
        assertTrue(bench.log.toString(), bench.log.contains(image.path() + " is complete already"));
    }

    @Test
    public void keepsHolesInFiles() throws Exception {
        sparse("var/lib/machine.img");
        create();
        Path copy = Path.of(image.path()).resolve("var/lib/machine.img");
        assertEquals(-1, Files.mismatch(source.resolve("var/lib/machine.img"), copy));
        assertTrue(blocks(copy) + " blocks", blocks(copy) < 2000);
    }

    @Test
    public void holesTakeNoRoom() throws Exception {
        sparse("var/lib/machine.img");
        program(programs, "df", "printf 'h\\nx 1 1 2048 1 /\\n'");
        create();
        assertTrue(
                bench.log.toString(), bench.log.stream().anyMatch(line -> line.contains("MiB of the files are holes")));
    }

    @Test
    public void leavesOutWhatTheAdministratorOfTheSourceSays() throws Exception {
        sourceHas("# large\n/srv/vm images/\n");
        write("srv/vm images/disk", "x");
        write("srv/kept", "x");
        write("var/log/lastlog", "x");
        create();
        assertEquals(List.of("kept"), filesIn(Path.of(image.path()).resolve("srv")));
        assertEquals(List.of(), filesIn(Path.of(image.path()).resolve("var/log")));
        assertTrue(
                bench.log.toString(),
                bench.log.stream()
                        .anyMatch(line -> line.startsWith("Left out: /proc/* ") && line.endsWith(" /srv/vm images/")));
    }

    @Test
    public void copiesNothingWhileTheAdministratorsFileIsWrong() {
        assertThrows(QrmException.class, () -> {
            sourceHas("srv\n");
            create();
        });
        assertFalse(Files.exists(Path.of(image.path())));
    }

    @Test
    public void refusesWhatDoesNotFitWithTheFigures() throws Exception {
        write("big", "x".repeat(3_000_000));
        program(programs, "df", "printf 'h\\nx 1 1 2048 1 /\\n'");
        QrmException problem = assertThrows(QrmException.class, this::create);
        assertEquals(Kind.REFUSED, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains("2 MiB are free"));
    }

    @Test
    public void saysSoWhenTheSourceHasNoRsync() throws Exception {
        senderRuns("exit 127");
        QrmException problem = assertThrows(QrmException.class, this::create);
        assertEquals(Kind.UNAVAILABLE, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains("apt-get install rsync"));
    }

    @Test
    public void saysSoWhenTheSourceFails() throws Exception {
        senderRuns("echo 'disk on fire' >&2; exit 3");
        QrmException problem = assertThrows(QrmException.class, this::create);
        assertEquals(Kind.FAILED, problem.problem().kind());
    }

    @Test
    public void namesWhatAddsToRsyncsStream() throws Exception {
        String whole = Files.readString(onSource.resolve("rsync"));
        senderRuns("echo Welcome to node src1\n" + whole.replace("#!/bin/sh", ""));
        QrmException problem = assertThrows(QrmException.class, this::create);
        String told = "protocol version mismatch -- is your shell clean?";
        assertTrue(problem.getMessage(), problem.problem().reason().contains(told));
        assertTrue(problem.getMessage(), problem.problem().remedy().contains(".bashrc"));
        assertTrue(bench.log.toString(), bench.log.contains(told));
    }

    @Test
    public void tellsRsyncsOwnReasonWholeWhenItEndsInTheMiddle() throws Exception {
        senderRuns("echo 'rsync: [sender] the disk of the machine in the third row of the second room is on fire: I/O"
                + " error (5)' >&2; exit 3");
        QrmException problem = assertThrows(QrmException.class, this::create);
        String told = "rsync: [sender] the disk of the machine in the third row of the second room is on fire: I/O"
                + " error (5)";
        assertTrue(problem.getMessage(), problem.problem().reason().endsWith("; it said: " + told));
        assertTrue(bench.log.toString(), bench.log.contains(told));
    }

    @Test
    public void aCancelEndsBothEnds() throws Exception {
        Path pid = folder.getRoot().toPath().resolve("pid");
        senderRuns("echo $$ >" + pid + "; exec sleep 300");
        bench.cancelWhen = "comparing files";
        assertThrows(CancelledException.class, this::create);
        if (Files.exists(pid)) {
            var process = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
            if (process.isPresent()) {
                process.get().onExit().get(30, java.util.concurrent.TimeUnit.SECONDS);
            }
        }
    }

    @Test
    public void goesOnFromTheSameMachineOnly() throws Exception {
        create();
        assertTrue(bench.log.toString(), bench.log.stream().anyMatch(line -> line.contains("is pinned for this copy")));
        assertTrue(Files.readString(Path.of(server.exportRoot()).resolve(".qrm/host"))
                .contains("source-host-key=ecdsa-sha2-nistp256 AAAA"));
    }

    private void sourceHas(String excludes) throws Exception {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("exclude"), excludes);
        program(onSource, "cat", """
                case $1 in
                    /proc/self/mountinfo) echo '22 1 254:1 / / rw - ext4 /dev/vda1 rw' ;;
                    /etc/qrm/exclude) exec /bin/cat %s ;;
                    *) exec /bin/cat "$@" ;;
                esac
                """.formatted(file));
    }

    private void sparse(String name) throws Exception {
        Path file = write(name, "head");
        try (var out = Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)) {
            out.position(64 << 20);
            out.write(java.nio.ByteBuffer.wrap("tail".getBytes()));
        }
        assertTrue(blocks(file) + " blocks", blocks(file) < 2000);
    }

    private static long blocks(Path file) throws Exception {
        Process process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(new String(process.getInputStream().readAllBytes()).strip());
    }

    private void create() {
        storage.create(server, image, SOURCE, bench);
    }

    private Path write(String name, String content) throws Exception {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private void senderRuns(String body) throws Exception {
        program(onSource, "rsync", body);
    }

    private static void program(Path directory, String name, String body) throws Exception {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<String> filesIn(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
