package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.QrmException;

@RunWith(Parameterized.class)
public class MigrationsTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.values();
    }

    @Parameter
    public DatabaseKind kind;

    private String url;

    @Before
    public void makeDatabase() {
        url = kind.freshUrl();
    }

    @Test
    public void aSecondStartFindsTheTablesAsTheFirstLeftThem() {
        try (Database first = TestDatabase.open(url)) {
            first.change(change -> change.handle().execute("insert into secret (name, content) values ('a', 'b')"));
        }
        try (Database second = TestDatabase.open(url)) {
            assertEquals(
                    "b",
                    second.read(handle -> handle.createQuery("select content from secret where name = 'a'")
                            .mapTo(String.class)
                            .one()));
        }
    }

    @Test
    public void refusesTablesOfANewerServer() {
        try (Database first = TestDatabase.open(url)) {
            first.change(change -> change.handle().execute("insert into schema_version values (99, 0)"));
        }
        QrmException refused = assertThrows(QrmException.class, () -> TestDatabase.open(url));
        assertTrue(refused.getMessage(), refused.getMessage().contains("99"));
    }

    @Test
    public void serversThatStartTogetherMakeTheTablesOnce() throws Exception {
        Assume.assumeTrue("does not apply: only PostgreSQL has several servers", kind == DatabaseKind.POSTGRESQL);
        Callable<Database> start = () -> TestDatabase.open(url);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Database> opened = new ArrayList<>();
        try {
            for (Future<Database> started : threads.invokeAll(Collections.nCopies(4, start))) {
                opened.add(started.get());
            }
            assertEquals(
                    IntStream.rangeClosed(1, Migrations.CURRENT).boxed().toList(),
                    opened.get(0)
                            .read(handle -> handle.createQuery("select version from schema_version")
                                    .mapTo(Integer.class)
                                    .list()));
        } finally {
            opened.forEach(Database::close);
            threads.shutdownNow();
        }
    }
}
