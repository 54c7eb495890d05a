package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The drill of docs/operations.md with the database on PostgreSQL: it and the files come back together, whenever it is cut off. */
public class BackupOnPostgresIT {

    private static final int REFUSED = 6;
    private static final String PASSWORD = "a drill for backups";

    @Rule(order = 0)
    public final PostgresServer postgres = new PostgresServer();

    @Rule(order = 1)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = 2)
    public final ServerProcess server = new ServerProcess();

    private Path backup;
    private Path note;

    @Test
    public void whatWasSavedWhileTheServerRanComesBackAlsoWhenTheRestoreIsKilled() throws Exception {
        backup = folder.getRoot().toPath().resolve("site.qrm");
        note = server.data().resolve("note");
        server.set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_DATABASE_URL", postgres.url())
                .start();
        token("before");
        Files.writeString(note, "saved");
        // more than the memory of the program that restores it
        postgres.sql("site", "create table large as select repeat('x', 1000000) from generate_series(1, 120)");
        assertDone("backup", backup.toString());
        token("after");
        String verified = assertDone("verify", backup.toString());
        assertTrue(verified, verified.contains("the dump of the database can be read to its end"));
        postgres.sql("site", "drop table large");
        assertDone("stop");

        String[][] moments = {{"psql", "before"}, {"psql", "after"}, {"mv", "before"}, {"mv", "after"}};
        for (String[] moment : moments) {
            later();
            assertTrue(KillingProgram.kills(
                    server.command("restore", "--replace", backup.toString()),
                    folder.newFolder().toPath(),
                    moment[0],
                    1,
                    moment[1],
                    0));
            // the next command finishes it, and then finds data
            ServerProcess.Outcome next = server.run("restore", "no-such-file");
            assertEquals(next.output(), REFUSED, next.status());
            assertEquals(String.join(" ", moment), "saved", Files.readString(note));
            assertEquals(String.join(" ", moment), "before", tokens());
        }

        assertEquals("120", postgres.sql("site", "select count(*) from large"));
        postgres.sql("site", "drop table large");
        later();
        assertWhatTheDatabaseRefusesChangesNothing();
        assertDone("restore", "--replace", backup.toString());
        server.start();
        assertTrue(rest().get("/tokens").toString().contains("\"before\""));
        assertFalse(rest().get("/tokens").toString().contains("\"after\""));
        assertTrue(rest().get("/audit/verification").get("ok").asBoolean());
        assertEquals("saved", Files.readString(note));
    }

    private void assertWhatTheDatabaseRefusesChangesNothing() throws Exception {
        postgres.sql("site", "create role reader login");
        postgres.sql("site", "grant pg_read_all_data to reader");
        Set<String> kept = kept();
        server.set("QRM_DATABASE_URL", postgres.url().replace("user=qrm", "user=reader"));
        ServerProcess.Outcome outcome = server.run("restore", "--replace", backup.toString());
        server.set("QRM_DATABASE_URL", postgres.url());
        assertEquals(outcome.output(), 1, outcome.status());
        assertTrue(outcome.output(), outcome.output().contains("must be owner of schema public"));
        assertFalse(Files.exists(server.data().resolve("restore-ready")));
        assertEquals("and leaves nothing", kept, kept());
        assertEquals("later", Files.readString(note));
        assertEquals("later", tokens());
    }

    private Set<String> kept() {
        return Set.of(server.data().toFile().list((folder, name) -> name.startsWith("before-restore-")));
    }

    private void later() throws Exception {
        Files.writeString(note, "later");
        postgres.sql("site", "delete from api_token where name <> 'before'");
        postgres.sql("site", "update api_token set name = 'later'");
    }

    private String tokens() throws Exception {
        return postgres.sql("site", "select name from api_token order by name");
    }

    private String assertDone(String... command) throws Exception {
        ServerProcess.Outcome outcome = server.run(command);
        assertEquals(outcome.output(), 0, outcome.status());
        return outcome.output();
    }

    private void token(String name) throws Exception {
        rest().make("/tokens", "{\"name\":\"" + name + "\",\"role\":\"viewer\",\"days\":30}");
    }

    private RestClient rest() throws Exception {
        return new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
    }
}
