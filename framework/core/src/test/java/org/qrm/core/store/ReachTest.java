package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.After;
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

    /** What the pool and a look say, or the pool alone, and how often they are asked. */
    private volatile RuntimeException failure;

    private volatile RuntimeException poolFailure;

    private volatile Error error;

    private final Jdbi jdbi = Jdbi.create(DatabaseKind.DERBY.freshUrl() + ";create=true");
    private final AtomicInteger waits = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final Reach reach = new Reach(2, Duration.ofMillis(50), this::give, this::look);

    @After
    public void close() {
        reach.close();
    }

    private Handle give() {
        waits.incrementAndGet();
        look();
        if (poolFailure != null) {
            throw poolFailure;
        }
        return jdbi.open();
    }

    private void look() {
        looks.incrementAndGet();
        Error once = error;
        error = null;
        if (once != null) {
            throw once;
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Test
    public void oneThatGivesNoConnectionIsLookedForByOneThread() {
        failure = new ConnectionException(new SQLTransientConnectionException("none in time"));
        for (int i = 0; i < 50; i++) {
            QrmException told = assertThrows(QrmException.class, reach::open);
            assertEquals(Problem.Kind.UNAVAILABLE, told.problem().kind());
            assertTrue(told.getMessage(), told.getMessage().contains("it cannot be reached"));
            assertTrue(Database.isLost(told));
        }
        assertEquals(1, waits.get());
        Eventually.eventually(() -> "it is looked for", () -> looks.get() > 2);
        failure = null;
        Eventually.eventually(() -> "it is back", this::opens);
    }

    private boolean opens() {
        try {
            reach.open();
            return true;
        } catch (LostException notYet) {
            return false;
        }
    }

    @Test
    public void thatAllAreInUseSaysNothingOfTheDatabase() {
        reach.open();
        reach.open();
        for (int i = 0; i < 3; i++) {
            assertTrue(Database.isBusy(assertThrows(QrmException.class, reach::open)));
        }
        assertEquals(2, waits.get());
        failure = new IllegalStateException("refused");
        QrmException away = assertThrows(QrmException.class, reach::open);
        assertFalse(away.getMessage(), Database.isBusy(away));
    }

    @Test
    public void aPoolThatIsSlowSaysNothingOfTheDatabase() {
        poolFailure = new ConnectionException(new SQLTransientConnectionException("none in time"));
        for (int i = 0; i < 3; i++) {
            assertTrue(Database.isBusy(assertThrows(QrmException.class, reach::open)));
        }
        assertEquals(3, waits.get());
    }

    /** As when there is no thread to be had for it. */
    @Test
    public void itIsLookedForHoweverALookEnds() {
        failure = new ConnectionException(new SQLTransientConnectionException("none in time"));
        assertThrows(QrmException.class, reach::open);
        failure = null;
        error = new OutOfMemoryError("unable to create native thread");
        Eventually.eventually(() -> "the look ended so", () -> error == null);
        Eventually.eventually(() -> "it is back", this::opens);
    }

    @Test
    public void whoseTurnComesWhenItIsAwayIsToldAtOnce() throws Exception {
        try (Reach patient = new Reach(1, Duration.ofSeconds(60), this::give, this::look)) {
            Reach.Connected held = patient.open();
            AtomicReference<Throwable> told = new AtomicReference<>();
            Thread waiting = new Thread(() -> {
                try {
                    patient.open();
                } catch (RuntimeException away) {
                    told.set(away);
                }
            });
            waiting.start();
            Eventually.eventually(() -> "it waits", () -> patient.waiting() == 1);
            failure = new ConnectionException(new SQLTransientConnectionException("none in time"));
            int before = looks.get();
            patient.doubt();
            Eventually.eventually(() -> "it is away, and looked for again", () -> looks.get() >= before + 2);
            int asked = waits.get();
            held.close();
            waiting.join();
            assertTrue(String.valueOf(told.get()), told.get() instanceof LostException);
            assertEquals("the pool is not asked", asked, waits.get());
        }
    }

    @Test(timeout = 60_000)
    public void whoComesWhenAllIsOverIsToldSo() {
        reach.close();
        poolFailure = new ConnectionException(new SQLTransientConnectionException("none in time"));
        QrmException told = assertThrows(QrmException.class, reach::open);
        assertEquals(Problem.Kind.UNAVAILABLE, told.problem().kind());
    }

    @Test
    public void whatFailsInAnotherWayTakesNobodysTurn() {
        failure = new IllegalStateException("wrong");
        for (int i = 0; i < 5; i++) {
            assertSame(failure, assertThrows(IllegalStateException.class, reach::open));
        }
        failure = null;
        reach.open();
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
