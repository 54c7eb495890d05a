package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.core.Eventually;

/** A database that is away, and comes back. */
public class ReachTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Reach reach = new Reach();
    private final AtomicInteger waits = new AtomicInteger();

    private Handle fail() {
        waits.incrementAndGet();
        throw new ConnectionException(new SQLTransientConnectionException("none in time"));
    }

    @Test
    public void whileOneWaitsForItAllOthersAreToldAtOnce() throws Exception {
        assertThrows(ConnectionException.class, () -> reach.open(this::fail, () -> false));
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread one = new Thread(() -> reach.open(
                () -> {
                    waiting.countDown();
                    Eventually.eventually(() -> "the end", () -> end.getCount() == 0);
                    return null;
                },
                () -> false));
        one.start();
        waiting.await();
        for (int i = 0; i < 50; i++) {
            QrmException told = assertThrows(QrmException.class, () -> reach.open(this::fail, () -> false));
            assertEquals(Problem.Kind.UNAVAILABLE, told.problem().kind());
            assertTrue(Database.isLost(told));
        }
        assertEquals(1, waits.get());
        end.countDown();
        one.join();
        assertSame(null, reach.open(() -> null, () -> false));
        assertThrows(ConnectionException.class, () -> reach.open(this::fail, () -> false));
        assertEquals("it was back, so it is waited for again", 2, waits.get());
    }

    @Test
    public void aPoolThatIsBusySaysNothingOfTheDatabase() {
        for (int i = 0; i < 3; i++) {
            assertThrows(ConnectionException.class, () -> reach.open(this::fail, () -> true));
        }
        assertEquals(3, waits.get());
    }

    /** As it shuts itself down when a write fails, and is booted again by the next connection. */
    @Test
    public void theEmbeddedOneThatCouldNotBeWrittenWhenItCameUpIsWrittenAgainWhenThatIsOver() throws Exception {
        Path directory = folder.getRoot().toPath().resolve("database");
        try (Database database = TestDatabase.open("jdbc:derby:" + directory)) {
            database.change(change -> change.handle().execute("insert into secret (name, content) values ('a', 'b')"));
            Path lock = directory.resolve("db.lck");
            shutDown(directory);
            // nobody can write that one, root neither
            Files.deleteIfExists(lock);
            Files.createDirectories(lock.resolve("in-the-way"));
            Supplier<Integer> write = () -> database.change(
                    change -> change.handle().execute("update secret set content = 'c' where name = 'a'"));
            // connections that were there before say first that they are none any more
            Eventually.eventually(
                    () -> "it cannot be written", () -> away(write).contains("cannot be written"));
            Files.delete(lock.resolve("in-the-way"));
            Files.delete(lock);
            Eventually.eventually(() -> "it can be written", () -> wrote(write));
        }
    }

    private static boolean wrote(Supplier<Integer> write) {
        try {
            return write.get() == 1;
        } catch (QrmException notYet) {
            return false;
        }
    }

    private static String away(Supplier<Integer> write) {
        QrmException away = assertThrows(QrmException.class, write::get);
        assertEquals(Problem.Kind.UNAVAILABLE, away.problem().kind());
        return deepest(away);
    }

    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static void shutDown(Path directory) {
        EmbeddedDataSource end = new EmbeddedDataSource();
        end.setDatabaseName(directory.toString());
        end.setShutdownDatabase("shutdown");
        assertThrows(SQLException.class, end::getConnection);
    }
}
