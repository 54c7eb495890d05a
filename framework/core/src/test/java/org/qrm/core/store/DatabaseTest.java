package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.RetryLater;
import org.qrm.api.event.Priority;
import org.qrm.core.Eventually;

public class DatabaseTest {

    private final Database database = TestDatabase.fresh();

    @After
    public void close() {
        database.close();
    }

    @Test
    public void aChangeThatTheDatabaseEndedIsRepeated() {
        AtomicInteger attempts = new AtomicInteger();
        database.change(change -> {
            happen(change, "once");
            endedTwice(attempts);
            return null;
        });
        assertEquals(3, attempts.get());
        assertEquals(1, events());
    }

    @Test
    public void aQueryThatTheDatabaseEndedIsRepeated() {
        AtomicInteger attempts = new AtomicInteger();
        assertEquals("read", database.read(handle -> {
            endedTwice(attempts);
            return "read";
        }));
        assertEquals(3, attempts.get());
    }

    @Test
    public void whatIsMadeIsNotRepeatedWhenSomethingThatFollowsFails() {
        List<String> followed = new ArrayList<>();
        AtomicInteger attempts = new AtomicInteger();
        database.change(change -> {
            happen(change, "once");
            change.afterCommit(() -> endedTwice(attempts));
            change.afterCommit(() -> followed.add("the next"));
            return null;
        });
        assertEquals(1, events());
        assertEquals(1, attempts.get());
        assertEquals("what follows goes on", List.of("the next"), followed);
    }

    @Test
    public void aGlanceWaitsForNobodyWhoWrites() {
        database.change(change -> {
            happen(change, "under way");
            // of another connection: it would wait for this one
            database.glance(handle -> handle.createQuery("select count(*) from event")
                    .mapTo(Long.class)
                    .one());
            return null;
        });
        assertEquals(1, events());
        assertEquals("others read what is committed", Connection.TRANSACTION_READ_COMMITTED, (int)
                database.read(handle -> handle.getTransactionIsolationLevel().intValue()));
    }

    @Test
    public void strangersLeaveConnectionsToOthers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Thread thread = new Thread(() -> {
                try {
                    database.forStranger(() -> database.read(handle -> {
                        inside.incrementAndGet();
                        await(end);
                        return null;
                    }));
                } catch (RetryLater later) {
                    told.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        Eventually.eventually(
                () -> told + " are told, " + inside + " inside", () -> told.get() >= 100 && inside.get() == 4);
        for (int i = 0; i < 100; i++) {
            happen("of somebody else");
        }
        assertEquals(100, events());
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void happen(String what) {
        database.change(change -> {
            happen(change, what);
            return null;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException over) {
            throw new IllegalStateException(over);
        }
    }

    @Test
    public void whatIsWrongIsNotRepeated() {
        AtomicInteger attempts = new AtomicInteger();
        assertThrows(
                IllegalStateException.class,
                () -> database.change(change -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("wrong");
                }));
        assertEquals(1, attempts.get());
    }

    @Test
    public void knowsALostDatabaseByItsState() {
        for (String state : List.of(
                "08000", "08001", "08006", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "25006", "53300")) {
            SQLException gone = new SQLException("gone", state);
            assertTrue(state, Database.isLost(gone));
            assertTrue(state, Database.isLost(new IllegalStateException(new IllegalStateException(gone))));
        }
        assertTrue("none in time", Database.isLost(new SQLTransientConnectionException("timed out", null, null)));
        // a deadlock, a constraint, a cancelled query, a dropped database, a full disk, and what is no SQL at all
        for (String state : List.of("40001", "23505", "57014", "57P04", "53100", "")) {
            assertFalse(state, Database.isLost(new IllegalStateException(new SQLException("other", state))));
        }
        assertFalse(Database.isLost(new IllegalStateException("wrong")));
        assertFalse(Database.isLost(new SQLException("says no state", (String) null)));
    }

    /** As the database does it to break a deadlock. */
    private static void endedTwice(AtomicInteger attempts) {
        if (attempts.incrementAndGet() < 3) {
            throw new IllegalStateException(new SQLException("deadlock", "40001"));
        }
    }

    private static void happen(Change change, String what) {
        change.event(Priority.INFO, "test", "test/1", what, null);
    }

    private long events() {
        return database.read(handle -> handle.createQuery("select count(*) from event")
                .mapTo(Long.class)
                .one());
    }
}
