package org.qrm.core.backup;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

public class PostgresProgramsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String url = DatabaseKind.POSTGRESQL.freshUrl();

    @Test
    public void whatWasSavedTakesThePlaceOfAllThatIsThere() throws IOException {
        Path dump = folder.getRoot().toPath().resolve("database.dump");
        try (Database database = TestDatabase.open(url)) {
            secret(database, "before");
            new PostgresPrograms(url).dump(dump);
            secret(database, "after");
            database.change(change -> change.handle().execute("create table tomorrow (id int primary key)"));
        }
        PostgresPrograms.check(dump);
        new PostgresPrograms(url).restore(dump);
        try (Database database = TestDatabase.open(url)) {
            assertEquals(
                    List.of("before"),
                    database.read(handle -> handle.createQuery("select name from secret")
                            .mapTo(String.class)
                            .list()));
            assertEquals(
                    0,
                    database.read(handle -> handle.createQuery(
                                            "select count(*) from pg_tables where tablename = 'tomorrow'")
                                    .mapTo(Integer.class)
                                    .one())
                            .intValue());
        }
    }

    @Test
    public void aDumpThatIsCutOffIsFound() throws IOException {
        Path dump = folder.getRoot().toPath().resolve("database.dump");
        TestDatabase.open(url).close();
        new PostgresPrograms(url).dump(dump);
        try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        assertThrows(IOException.class, () -> PostgresPrograms.check(dump));
    }

    private static void secret(Database database, String name) {
        database.change(change -> change.handle().execute("insert into secret (name, content) values (?, 'x')", name));
    }
}
