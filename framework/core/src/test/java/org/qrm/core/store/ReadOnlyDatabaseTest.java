package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.RetryLater;
import org.qrm.api.event.Priority;
import org.qrm.core.Eventually;

/** A database that can be read and not be changed: a standby that clients were sent to, or one whose disk is running full. */
public class ReadOnlyDatabaseTest {

    private PostgresCluster cluster;
    private String url;
    private Database database;

    @Before
    public void open() {
        DatabaseKind.POSTGRESQL.assumeInstalled();
        cluster = PostgresCluster.running();
        url = cluster.freshUrl();
        database = TestDatabase.open(url);
    }

    @After
    public void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    public void whoChangesIsToldSoUntilItTakesChangesAgain() {
        assertEquals("", change());
        cluster.takesChanges(url, false);
        cluster.endConnections(url);
        Eventually.eventually(
                () -> "that it takes no changes is known", () -> change().contains("it takes no changes"));
        cluster.takesChanges(url, true);
        Eventually.eventually(() -> "it takes changes", () -> change().isEmpty());
        for (int i = 0; i < 100; i++) {
            assertEquals("no connection is left that takes none", "", change());
        }
    }

    /** As when it was one for a moment only, and connections that were made then are found later. */
    @Test
    public void connectionsThatTakeNoChangesAreMadeAnew() {
        cluster.takesChanges(url, false);
        cluster.endConnections(url);
        // whether the end of the connection is seen by a read, which has the database looked at, is chance
        Eventually.eventually(() -> "it is connected again", () -> !read().contains("ended the connection"));
        cluster.takesChanges(url, true);
        Eventually.eventually(() -> "it takes changes", () -> change().isEmpty());
        for (int i = 0; i < 100; i++) {
            assertEquals("no connection is left that takes none", "", change());
        }
    }

    private String change() {
        return told(() -> database.change(change -> {
            change.event(Priority.INFO, "test", "test/1", "something", null);
            return null;
        }));
    }

    private String read() {
        return told(() -> database.read(
                handle -> handle.createQuery("select 1").mapTo(Integer.class).one()));
    }

    /** What one is told; nothing when it is done. */
    private static String told(Runnable work) {
        try {
            work.run();
            return "";
        } catch (RetryLater told) {
            assertTrue(told.getMessage(), Database.wasLost(told));
            assertFalse(told.getMessage(), Database.isBusy(told));
            return told.getMessage();
        }
    }
}
