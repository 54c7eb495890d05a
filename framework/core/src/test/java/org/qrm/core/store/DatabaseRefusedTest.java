package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DatabaseRefusedTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void saysThatTheLogOfTheEmbeddedDatabaseIsDamaged() throws IOException {
        Path database = made();
        try (Stream<Path> logs = Files.list(database.resolve("log"))) {
            for (Path log : logs.filter(it -> it.toString().endsWith(".dat")).toList()) {
                cut(log, 5_000);
            }
        }
        assertRefused("jdbc:derby:" + database, "are damaged, or may not be read");
    }

    @Test
    public void saysThatATableOfTheEmbeddedDatabaseIsDamaged() throws IOException {
        Path database = made();
        try (Stream<Path> files = Files.list(database.resolve("seg0"))) {
            for (Path file : files.toList()) {
                cut(file, 10);
            }
        }
        assertRefused("jdbc:derby:" + database, "are damaged, or may not be read");
    }

    @Test
    public void saysThatTheEmbeddedDatabaseIsNoDatabase() throws IOException {
        Path database = folder.getRoot().toPath().resolve("database");
        Files.createDirectory(database);
        Files.writeString(database.resolve("something"), "else");
        assertRefused("jdbc:derby:" + database, "are damaged, or may not be read");
        assertEquals("else", Files.readString(database.resolve("something")));
    }

    @Test
    public void saysThatItsUserMayMakeNoTables() {
        DatabaseKind.POSTGRESQL.freshUrl();
        assertRefused(PostgresCluster.running().urlWithoutRights(), "permission denied for schema public");
    }

    @Test
    public void saysThatThereIsNoSuchDatabase() {
        String url = DatabaseKind.POSTGRESQL.freshUrl();
        assertRefused(url.replace("?", "x?"), "does not exist");
    }

    @Test
    public void triesAServerThatDoesNotAnswerAgain() {
        String nobody = "jdbc:postgresql://127.0.0.1:1/qrm?user=qrm";
        RuntimeException failed = assertThrows(RuntimeException.class, () -> TestDatabase.open(nobody));
        assertFalse(failed.toString(), failed instanceof DatabaseRefused);
    }

    private Path made() {
        Path database = folder.getRoot().toPath().resolve("database");
        TestDatabase.open("jdbc:derby:" + database).close();
        return database;
    }

    private static void cut(Path file, long length) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(Math.min(length, open.length()));
        }
    }

    private static void assertRefused(String url, String part) {
        DatabaseRefused refused = assertThrows(DatabaseRefused.class, () -> TestDatabase.open(url));
        assertTrue(refused.getMessage(), refused.getMessage().contains(part));
    }
}
