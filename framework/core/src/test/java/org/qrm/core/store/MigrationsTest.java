package org.qrm.core.store;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class MigrationsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aSecondStartFindsTheTablesAsTheFirstLeftThem() {
        Path logs = folder.getRoot().toPath();
        String url = "jdbc:derby:memory:" + folder.getRoot().getName();
        try (Database first = Database.open(url, logs)) {
            first.change(change -> change.handle().execute("insert into secret (name, content) values ('a', 'b')"));
        }
        try (Database second = Database.open(url, logs)) {
            assertEquals(
                    "b",
                    second.read(handle -> handle.createQuery("select content from secret where name = 'a'")
                            .mapTo(String.class)
                            .one()));
        }
    }
}
