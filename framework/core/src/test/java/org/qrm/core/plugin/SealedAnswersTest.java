package org.qrm.core.plugin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.Seal;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class SealedAnswersTest {

    private static final String SECRET = "hush-hush";
    private static final Map<String, Answer> ANSWERS =
            Map.of("gateway", new Answer("192.168.1.1", false), "password", new Answer(SECRET, true));

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Database database;
    private Answers answers;

    @Before
    public void twoPlugins() {
        database = TestDatabase.open(kind.freshUrl());
        answers = new Answers(new Seal(key()));
        plugins();
    }

    @After
    public void close() {
        database.close();
    }

    @Test
    public void theDatabaseDoesNotGiveASecretAway() {
        database.change(change -> {
            answers.set(change, "xen", ANSWERS);
            return null;
        });
        assertFalse(rows(), rows().contains(SECRET));
        assertTrue(rows(), rows().contains("192.168.1.1"));
        assertEquals(ANSWERS, of("xen"));
    }

    @Test
    public void aSecretOfAnotherPlaceDoesNotOpen() {
        database.change(change -> {
            answers.set(change, "xen", ANSWERS);
            return change.handle().execute("update plugin_answer set plugin = 'kvm'");
        });
        assertFalse(of("kvm").get("password").isReadable());
    }

    @Test
    public void theLongestSecretFits() {
        Map<String, Answer> longest = Map.of("password", new Answer("\uffe6".repeat(2000), true));
        database.change(change -> {
            answers.set(change, "xen", longest);
            return null;
        });
        assertEquals(longest, of("xen"));
    }

    @Test
    public void whatAnEarlierReleaseKeptInClearIsSealedOnce() {
        inClear();
        assertEquals("readable before", ANSWERS, of("xen"));
        assertEquals(2, seal());
        assertFalse(rows(), rows().contains(SECRET));
        assertEquals(ANSWERS, of("xen"));
        assertEquals(ANSWERS, of("kvm"));
        String sealed = rows();
        assertEquals(0, seal());
        assertEquals(sealed, rows());
    }

    @Test
    public void whatIsCutOffHalfWayLosesNothing() {
        inClear();
        String before = rows();
        assertThrows(
                IllegalStateException.class,
                () -> database.change(change -> {
                    answers.sealThoseInClear(change.handle());
                    throw new IllegalStateException("as when the server ends here");
                }));
        assertEquals(before, rows());
        assertEquals(2, seal());
        assertEquals(ANSWERS, of("xen"));
    }

    @Test
    public void withoutAPlaceForItsKeyNothingChanges() throws IOException {
        inClear();
        Files.createDirectory(key()); // no key can be there
        String before = rows();
        assertThrows(UncheckedIOException.class, this::seal);
        assertEquals(before, rows());
        assertEquals(ANSWERS, of("xen"));
    }

    @Test
    public void theFilesOfTheEmbeddedDatabaseDoNotHaveItAfterwards() throws IOException {
        assumeTrue("does not apply: only the embedded database has files of ours", kind == DatabaseKind.DERBY);
        database.close();
        Path directory = folder.getRoot().toPath().resolve("database");
        String url = "jdbc:derby:" + directory;
        database = TestDatabase.open(url);
        plugins();
        inClear();
        for (int i = 0;
                i < 3000;
                i++) { // what was logged when it was answered is past, as on a server that has been at work
            int number = i;
            database.change(change -> change.handle()
                    .execute("update plugin set description = ? where id = 'kvm'", "x".repeat(900) + number));
        }
        database.change(change -> change.handle().execute("call syscs_util.syscs_checkpoint_database()"));
        assertEquals("in the table alone", 1, files(directory).size());
        assertEquals(2, seal());
        database.close();
        database = TestDatabase.open(url);
        database.close();
        assertEquals(List.of(), files(directory));
        database = TestDatabase.open(url);
        assertEquals(ANSWERS, of("xen"));
    }

    /** Those that hold the secret. */
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(SealedAnswersTest::hasSecret)
                    .toList();
        }
    }

    private static boolean hasSecret(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void plugins() {
        for (String id : List.of("xen", "kvm")) {
            database.change(change -> change.handle()
                    .execute(
                            "insert into plugin (id, state, description, version, touched)"
                                    + " values (?, 'CONFIGURED', '', '', false)",
                            id));
        }
    }

    /** As 0.1.0 wrote them. */
    private void inClear() {
        for (String id : List.of("xen", "kvm")) {
            ANSWERS.forEach((question, answer) -> database.change(change -> change.handle()
                    .execute(
                            "insert into plugin_answer (plugin, question, answer, secret) values (?, ?, ?, ?)",
                            id,
                            question,
                            answer.text(),
                            answer.secret())));
        }
    }

    private long seal() {
        return database.change(change -> answers.sealThoseInClear(change.handle()));
    }

    private Map<String, Answer> of(String plugin) {
        return database.read(handle -> answers.of(handle, plugin));
    }

    private String rows() {
        return database.read(handle -> handle.createQuery("select * from plugin_answer order by plugin, question")
                .mapToMap()
                .list()
                .toString());
    }

    private Path key() {
        return folder.getRoot().toPath().resolve("database-key");
    }
}
