package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The drill of docs/operations.md. */
public class BackupIT {

    private static final int REFUSED = 6;
    private static final int MALFORMED = 2;
    private static final String PASSWORD = "a drill for backups";

    /** Goes after the server, whose data it may hold. */
    @Rule(order = 0)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = 1)
    public final ServerProcess server = new ServerProcess();

    private RestClient rest;

    @Test
    public void whatWasSavedWhileTheServerRanComesBackHereAndOnAnotherAddress() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        token("before");
        rest.make("/storage-servers", "{\"name\":\"store\",\"address\":\"10.0.0.5\",\"exportRoot\":\"/export\"}");
        rest.patch("/storage-servers/store", "{\"owner\":\"before\",\"note\":\"# Kept\"}");
        Path ofTheFileSystem = Files.createDirectory(server.data().resolve("lost+found"));
        Path backup = folder.getRoot().toPath().resolve("site.qrm");
        assertEquals(0, server.run("backup", backup.toString()).status());
        token("after");
        rest.patch("/storage-servers/store", "{\"owner\":\"after\",\"note\":\"\"}");
        assertVerified(backup);
        assertDamageIsFound(backup);
        assertRefused("a server is running", "restore", "--replace", backup.toString());

        server.set("QRM_STOP_SECONDS", "5");
        server.run("stop");
        assertRefused("there is data in", "restore", backup.toString());
        ServerProcess.Outcome restored = server.run("restore", "--replace", backup.toString());
        assertEquals(restored.output(), 0, restored.status());
        server.start();
        assertTokens("before");
        JsonNode store = rest.get("/storage-servers/store");
        assertEquals(
                "before: # Kept",
                store.get("owner").asText() + ": " + store.get("note").asText());
        assertTrue(
                rest.get("/audit/verification").toString(),
                rest.get("/audit/verification").get("ok").asBoolean());
        assertOldDataIsKept();
        assertTrue(Files.exists(ofTheFileSystem));

        server.run("stop");
        server.set("QRM_DATA", folder.getRoot().toPath().resolve("elsewhere").toString())
                .set("QRM_ADDRESS", "127.0.0.2");
        ServerProcess.Outcome moved = server.run("restore", backup.toString());
        assertEquals(moved.output(), 0, moved.status());
        assertTrue(moved.output(), moved.output().contains("address 127.0.0.1; this one has 127.0.0.2"));
        assertFalse("it has the same settings", moved.output().contains("qrm.cfg"));
    }

    /** A mistaken QRM_DATA, as somebody's home. */
    @Test
    public void whatIsNoServersDataIsLeftWhereItIs() throws Exception {
        Path file = server.data().resolve("mine/file");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mine");
        assertRefused("is not a server's", "restore", "no-such-file");
        assertRefused("is not a server's", "restore", "--replace", "no-such-file");
        Path backup = folder.getRoot().toPath().resolve("nothing.qrm");
        assertRefused("is not a server's; set QRM_DATA as for the server", "backup", backup.toString());
        assertFalse(Files.exists(backup));
        assertEquals("mine", Files.readString(file));
    }

    @Test
    public void aBackupIsVerifiedAlsoWhereNoServerIs() throws Exception {
        server.set("QRM_DATA", folder.newFile().toPath().resolve("data").toString());
        ServerProcess.Outcome outcome = server.run("verify", "no-such-file");
        assertEquals(outcome.output(), 1, outcome.status());
        assertTrue(outcome.output(), outcome.output().matches("(?s).*: there is no /.*/no-such-file\n"));
    }

    @Test
    public void anOptionIsNoFile() throws Exception {
        for (String[] words : new String[][] {
            {"backup", "--help"}, {"verify", "-h"}, {"restore", "--replace"}, {"restore", "--replace", "-x"}
        }) {
            ServerProcess.Outcome outcome = server.run(words);
            assertEquals(outcome.output(), MALFORMED, outcome.status());
            assertTrue(outcome.output(), outcome.output().startsWith("usage: qrm-server"));
        }
    }

    private void assertVerified(Path backup) throws Exception {
        ServerProcess.Outcome good = server.run("verify", backup.toString());
        assertEquals(good.output(), 0, good.status());
        assertTrue(good.output(), good.output().contains("the database opens, its tables are whole, 3 audit entries"));
    }

    private void assertDamageIsFound(Path backup) throws Exception {
        Path damaged = folder.getRoot().toPath().resolve("damaged.qrm");
        Files.copy(backup, damaged);
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
            file.seek(file.length() / 2);
            int there = file.read();
            file.seek(file.length() / 2);
            file.write(there ^ 1);
        }
        ServerProcess.Outcome bad = server.run("verify", damaged.toString());
        assertEquals(bad.output(), 1, bad.status());
        assertTrue(bad.output(), bad.output().contains("damaged or cut off"));
    }

    private void assertRefused(String reason, String... command) throws Exception {
        ServerProcess.Outcome outcome = server.run(command);
        assertEquals(outcome.output(), REFUSED, outcome.status());
        assertTrue(outcome.output(), outcome.output().contains(reason));
    }

    private void token(String name) throws Exception {
        rest.make("/tokens", "{\"name\":\"" + name + "\",\"role\":\"viewer\",\"days\":30}");
    }

    private void assertTokens(String only) throws Exception {
        String tokens = rest.get("/tokens").toString();
        assertTrue(tokens, tokens.contains("\"" + only + "\""));
        assertFalse(tokens, tokens.contains("\"after\""));
    }

    private void assertOldDataIsKept() throws Exception {
        try (Stream<Path> all = Files.list(server.data())) {
            Path kept = all.filter(it -> it.getFileName().toString().startsWith("before-restore-"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(Files.isDirectory(kept.resolve("database")));
        }
    }
}
