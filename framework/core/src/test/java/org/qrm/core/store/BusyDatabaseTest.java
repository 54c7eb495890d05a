package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.RetryLater;
import org.qrm.core.Eventually;

/** A database that answers, and has more to do than it can, is not called away; one that only ended connections is neither. */
public class BusyDatabaseTest {

    private static final int MANY = 24;

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private String url;
    private Gate gate;
    private Database database;

    @Before
    public void open() throws Exception {
        url = DatabaseKind.POSTGRESQL.freshUrl();
        gate = new Gate(url);
        database = TestDatabase.open(gate.url());
    }

    @After
    public void close() throws Exception {
        end.countDown();
        if (database == null) {
            return;
        }
        gate.close();
        for (Thread thread : threads) {
            thread.join();
        }
        database.close();
    }

    @Test
    public void thatOthersUseAllConnectionsIsToldAsThat() {
        hold(this::untilTheEnd);
        assertOverloaded("others used all connections to it");
        end.countDown();
        Eventually.eventually(() -> "it is answered", () -> ask().isEmpty());
        assertEquals(Set.of(), told);
    }

    @Test
    public void thatStatementsAreSlowIsToldAsThat() throws Exception {
        try (Connection lock = DriverManager.getConnection(url);
                Statement statement = lock.createStatement()) {
            statement.execute("select pg_advisory_lock(1)");
            hold(handle -> handle.execute("select pg_advisory_xact_lock_shared(1)"));
            assertOverloaded("others used all connections to it");
            statement.execute("select pg_advisory_unlock(1)");
        }
        Eventually.eventually(() -> "it is answered", () -> ask().isEmpty());
        assertEquals(Set.of(), told);
    }

    @Test
    public void thatAllWaitForADatabaseThatIsAwayIsToldAsThat() throws Exception {
        hold(this::untilTheEnd);
        gate.swallow();
        String first = ask();
        assertTrue(first, first.contains("it cannot be reached"));
        gate.pass();
        end.countDown();
        Eventually.eventually(() -> "it is answered", () -> ask().isEmpty());
    }

    @Test
    public void thatItTakesNoMoreConnectionsIsToldAsThat() {
        gate.refuse("53300");
        hold(this::untilTheEnd, MANY - 1);
        Eventually.eventually(() -> "some are told: " + told, () -> !told.isEmpty());
        told.forEach(each -> assertTrue(each, each.contains("it takes no more connections")));
    }

    @Test
    public void thatItEndedAllConnectionsIsNoReasonToBeCalledAway() {
        hold(this::untilTheEnd);
        end.countDown();
        Eventually.eventually(() -> "it is answered", () -> ask().isEmpty());
        gate.cut();
        for (int i = 0; i < 100; i++) {
            String said = ask();
            assertFalse(said, said.contains("it cannot be reached"));
        }
        assertEquals("", ask());
    }

    private interface Use {
        void of(Handle handle);
    }

    private void hold(Use use) {
        hold(use, MANY);
        Eventually.eventually(() -> "all are in use: " + told, () -> inside.get() == MANY);
    }

    private void hold(Use use, int many) {
        for (int i = 0; i < many; i++) {
            Thread thread = new Thread(() -> {
                while (!held(use)) {
                    Thread.onSpinWait();
                }
            });
            thread.start();
            threads.add(thread);
        }
    }

    /** A pool that is slow on a busy host is asked again. */
    private boolean held(Use use) {
        try {
            database.read(handle -> {
                inside.incrementAndGet();
                use.of(handle);
                return null;
            });
            return true;
        } catch (RuntimeException failed) {
            boolean slow = failed.getMessage().contains("slow to take connections");
            if (!slow) {
                told.add(failed.getMessage());
            }
            return !slow;
        }
    }

    private void untilTheEnd(Handle handle) {
        try {
            end.await();
        } catch (InterruptedException over) {
            throw new IllegalStateException(over);
        }
    }

    private void assertOverloaded(String reason) {
        try {
            database.read(handle -> 1);
            throw new AssertionError("a connection more than there are");
        } catch (RetryLater busy) {
            assertTrue(busy.getMessage(), busy.getMessage().contains(reason));
            assertTrue(Database.isBusy(busy));
            assertTrue("work that needs it is taken up again", Database.wasLost(busy));
            assertTrue(busy.retryAfter() > 0);
        }
    }

    private String ask() {
        try {
            database.read(handle ->
                    handle.createQuery("select 1").mapTo(Integer.class).one());
            return "";
        } catch (RetryLater refused) {
            return refused.getMessage();
        }
    }
}
