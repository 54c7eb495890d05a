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

@RunWith(Parameterized.class)
public class MigrationsTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
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
    public void refusesTablesOfANewerServerNamingBothAndLeavesThemAsTheyAre() {
        List<String> tomorrow = withAnother("create table tomorrow (id int primary key);\n");
        try (Database first = TestDatabase.open(url)) {
            new Migrations(first, "9.9", tomorrow).run();
        }
        int known = tomorrow.size() - 1;
        assertRefused("of version " + tomorrow.size()
                + ", of a newer QRM 9.9; this is QRM 0-test, which knows those up to version " + known
                + ". Nothing was changed.");
        assertRefused("Install QRM 9.9 again");
    }

    @Test
    public void refusesTablesThatAnotherScriptOfThatNumberMade() {
        try (Database first = TestDatabase.open(url)) {
            List<String> edited = new ArrayList<>(Migrations.scripts());
            edited.set(1, edited.get(1) + "-- edited\n");
            DatabaseRefused refused =
                    assertThrows(DatabaseRefused.class, () -> new Migrations(first, "0-test", edited).run());
            assertTrue(refused.getMessage(), refused.getMessage().contains("another script V2.sql"));
        }
    }

    @Test
    public void takesTablesWhoseScriptsWereNotNotedAndNotesThem() {
        try (Database first = TestDatabase.open(url)) {
            first.change(change -> {
                change.handle().execute("alter table schema_version drop column digest");
                change.handle().execute("alter table schema_version drop column server");
                return null;
            });
        }
        try (Database second = TestDatabase.open(url)) {
            assertEquals(
                    List.of(),
                    second.read(handle -> handle.createQuery(
                                    "select version from schema_version where digest is null or length(digest) <> 64")
                            .mapTo(Integer.class)
                            .list()));
        }
    }

    @Test
    public void aScriptThatFailsLeavesNothingBehind() {
        try (Database database = TestDatabase.open(url)) {
            List<String> broken =
                    withAnother("create table half (id int primary key);\ninsert into nowhere values (1);\n");
            assertThrows(RuntimeException.class, () -> new Migrations(database, "9.9", broken).run());
            List<String> mended = withAnother("create table half (id int primary key);\n");
            new Migrations(database, "9.9", mended).run();
            assertEquals(
                    "9.9",
                    database.read(handle -> handle.createQuery(
                                    "select server from schema_version order by version desc fetch first 1 rows only")
                            .mapTo(String.class)
                            .one()));
        }
    }

    @Test
    public void aScriptWhoseConnectionIsCutIsAppliedAsAWholeNextTime() {
        Assume.assumeTrue(
                "does not apply: the embedded database ends with its server", kind == DatabaseKind.POSTGRESQL);
        try (Database database = TestDatabase.open(url)) {
            List<String> cut = withAnother(
                    "create table half (id int primary key);\nselect pg_terminate_backend(pg_backend_pid());\n");
            assertThrows(RuntimeException.class, () -> new Migrations(database, "9.9", cut).run());
            List<String> whole = withAnother("create table half (id int primary key);\ninsert into half values (1);\n");
            new Migrations(database, "9.9", whole).run();
            assertEquals(
                    1,
                    database.read(handle -> handle.createQuery("select id from half")
                                    .mapTo(Integer.class)
                                    .one())
                            .intValue());
        }
    }

    private static List<String> withAnother(String script) {
        List<String> scripts = new ArrayList<>(Migrations.scripts());
        scripts.add(script);
        return scripts;
    }

    private void assertRefused(String part) {
        DatabaseRefused refused = assertThrows(DatabaseRefused.class, () -> TestDatabase.open(url));
        assertTrue(refused.getMessage(), refused.getMessage().contains(part));
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
                    IntStream.rangeClosed(1, Migrations.scripts().size())
                            .boxed()
                            .toList(),
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
