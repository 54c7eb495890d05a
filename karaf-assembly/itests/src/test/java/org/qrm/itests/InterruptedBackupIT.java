package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Backups and restores that are killed, or have no room. */
public class InterruptedBackupIT {

    private static final int REFUSED = 6;
    private static final int MOST_MOVES = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PASSWORD = "a drill for backups";

    private static final String FULL_DISKS = """
            set -eu
            big=$QRM_DATA
            for each in "full 64k" "data 400m" "small 256k"; do
                mkdir "$big/${each% *}"
                mount -t tmpfs -o "size=${each#* }" none "$big/${each% *}"
            done
            export QRM_DATA="$big/data"
            trap '"$SERVER" stop >/dev/null' EXIT
            try() { said=$("$SERVER" "$@" 2>&1) && status=0 || status=$?; echo "$status $said" | tr '\\n' ' '; echo; }
            "$SERVER" start >/dev/null
            try backup "$big/full/site.qrm"
            ls -A "$big/full"
            dd if=/dev/zero of="$QRM_DATA/fill" bs=64k 2>/dev/null || true
            truncate -s -512K "$QRM_DATA/fill"
            try backup "$big/site.qrm"
            try status
            rm "$QRM_DATA/fill"
            try backup "$big/site.qrm"
            (QRM_DATA="$big/small" && try restore "$big/site.qrm")
            ls -A "$big/small" | grep -Ev '^(log|karaf|qrm-server.lock)$' || true
            """;

    /** Goes after the server, whose data it may hold. */
    @Rule(order = 0)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = 1)
    public final ServerProcess server = new ServerProcess();

    private Path backup;
    private Path note;
    private Path large;

    @Before
    public void name() {
        backup = folder.getRoot().toPath().resolve("site.qrm");
        note = server.data().resolve("note");
        large = server.data().resolve("boot/images/large");
        server.set("QRM_ADMIN_PASSWORD", PASSWORD);
    }

    @Test
    public void aBackupThatIsKilledLeavesNoFileOfItsName() throws Exception {
        server.start();
        makeLarge();
        Path part = backup.resolveSibling("site.qrm.part");
        for (int size : new int[] {0, 1 << 20, 24 << 20}) {
            killWhen(() -> size(part) >= size, "backup", backup.toString());
            assertFalse("killed at " + size, Files.exists(backup));
        }
        assertEquals(1, server.run("verify", part.toString()).status());
        assertDone("backup", backup.toString());
        assertFalse(Files.exists(part));
        assertDone("verify", backup.toString());
        assertTrue(server.run("status").output().contains("running and ready"));
    }

    @Test
    public void aRestoreThatIsKilledIsFinishedByTheNextCommandOrHasChangedNothing() throws Exception {
        server.start();
        makeLarge();
        token("before");
        Files.writeString(note, "saved");
        assertDone("backup", backup.toString());
        token("after");
        server.run("stop");
        Files.writeString(note, "later");

        Path part = server.data().resolve("restore-part");
        killWhen(() -> Files.exists(part.resolve("data/boot/images/large")), "restore", "--replace", backup.toString());
        assertEquals("later", Files.readString(note));
        server.start();
        assertTrue(tokens().contains("\"after\""));
        assertFalse("the start has removed what lies there", Files.exists(part));
        server.run("stop");

        Path begun = folder.getRoot().toPath().resolve("begun");
        killInMove(1, "before", "restore", "--replace", backup.toString());
        withoutLoad();
        copy(server.data(), begun);
        int move = 1;
        while (killInMove(move, "before", "restore", "no-such-file")) {
            finish();
            assertRestored("killed before move " + move);
            UnpackedDistribution.delete(server.data());
            copy(begun, server.data());
            assertTrue("it ends", ++move < MOST_MOVES);
        }
        assertTrue("it was killed before some moves: " + move, move > 10);
        UnpackedDistribution.delete(server.data());
        copy(begun, server.data());
        finish();
        server.start();
        assertTrue(tokens().contains("\"before\""));
        assertFalse(tokens().contains("\"after\""));
    }

    @Test
    public void aFullDiskIsSaidInASentenceAndTheServerGoesOn() throws Exception {
        assumeTrue(
                "file systems of one's own need root",
                new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0);
        Files.createDirectories(server.data());
        ProcessBuilder script = server.command();
        script.environment().put("SERVER", script.command().get(0));
        script.command(List.of("unshare", "--mount", "sh", "-c", FULL_DISKS));
        Path output = folder.newFile().toPath();
        Process process =
                script.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(PATIENCE.toMinutes() * 2, TimeUnit.MINUTES));
        List<String> said = Files.readAllLines(output);
        String all = String.join("\n", said);
        assertEquals(all, 0, process.exitValue());
        assertEquals(all, 5, said.size());
        assertMatches("1 qrm-server: cannot backup .*/full/site.qrm: .*No space left on device.*", said.get(0));
        assertMatches(
                "1 qrm-server: cannot backup .*/site.qrm: the server could not copy its database: .*", said.get(1));
        assertMatches("0 QRM is running and ready.*", said.get(2));
        assertMatches("0 Saved to .*", said.get(3));
        assertMatches("1 Good: .* qrm-server: cannot restore .*/site.qrm: .*No space left on device.*", said.get(4));
    }

    private static void assertMatches(String pattern, String said) {
        assertTrue(said, said.strip().matches(pattern));
    }

    private void finish() throws Exception {
        ServerProcess.Outcome refused = server.run("restore", "no-such-file");
        assertEquals(refused.output(), REFUSED, refused.status());
        assertTrue(refused.output(), refused.output().contains("there is data in"));
    }

    private void assertRestored(String when) throws IOException {
        assertEquals(when, "saved", Files.readString(note));
        assertTrue(when, Files.exists(server.data().resolve("database")));
        assertFalse(when, Files.exists(server.data().resolve("restore-ready")));
        assertFalse(when, Files.exists(server.data().resolve("restore-moving")));
        try (var all = Files.list(server.data())) {
            Path kept = all.filter(it -> it.getFileName().toString().startsWith("before-restore-"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(when, "later", Files.readString(kept.resolve("note")));
        }
    }

    /** Takes the archiver some seconds. */
    private void makeLarge() throws IOException {
        byte[] noise = new byte[48 << 20];
        new Random(1).nextBytes(noise);
        Files.createDirectories(large.getParent());
        Files.write(large, noise);
    }

    private void assertDone(String... command) throws Exception {
        ServerProcess.Outcome outcome = server.run(command);
        assertEquals(outcome.output(), 0, outcome.status());
    }

    private void killWhen(BooleanSupplier reached, String... command) throws Exception {
        Process process = server.command(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!reached.getAsBoolean()) {
                assertTrue("it was over before it could be killed", process.isAlive() && System.nanoTime() < end);
                LockSupport.parkNanos(2_000_000);
            }
        } finally {
            List<ProcessHandle> all = process.descendants().toList();
            process.destroyForcibly().waitFor();
            for (ProcessHandle each : all) {
                each.destroyForcibly();
                each.onExit().get(1, TimeUnit.MINUTES);
            }
        }
        assertEquals(KillingProgram.KILLED, process.exitValue());
    }

    private boolean killInMove(int number, String when, String... command) throws Exception {
        return KillingProgram.kills(server.command(command), folder.newFolder().toPath(), "mv", number, when, REFUSED);
    }

    /** What only costs time when it is copied. */
    private void withoutLoad() throws IOException {
        for (String each : List.of("karaf", "log", "boot", "restore-ready/data/boot")) {
            UnpackedDistribution.delete(server.data().resolve(each));
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                        .inheritIO()
                        .start()
                        .waitFor());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return -1;
        }
    }

    private void token(String name) throws Exception {
        rest().make("/tokens", "{\"name\":\"" + name + "\",\"role\":\"viewer\",\"days\":30}");
    }

    private String tokens() throws Exception {
        return rest().get("/tokens").toString();
    }

    private RestClient rest() throws Exception {
        return new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
    }
}
