package org.qrm.core.node;

import static org.junit.Assert.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.core.CoreFixture;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;
import org.qrm.core.store.RestartedPostgres;
import org.qrm.core.store.TestDatabase;

public class WatchTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Rule
    public final RestartedPostgres server = new RestartedPostgres();

    private volatile Instant now = START;

    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    /** What machines report is refused then: the first look after it is not to make all of them errors. */
    @Test
    public void whileTheDatabaseIsAwayNobodyIsHeard() throws Exception {
        try (Database database = TestDatabase.open(server.url())) {
            ResourceRows rows = new ResourceRows();
            ConcurrentHashMap<Long, NodeSession> sessions = new ConcurrentHashMap<>();
            Incumbents incumbents = new Incumbents(database, rows, sessions, null, null, CoreFixture.QUICK, clock);
            NodeService nodes = new NodeService(
                    database,
                    rows,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    incumbents,
                    sessions,
                    null,
                    null,
                    null,
                    null,
                    clock);
            try (Watch watch = new Watch(
                    database, rows, nodes, null, null, incumbents, null, null, List::of, CoreFixture.QUICK, clock)) {
                server.crash();
                now = START.plus(Duration.ofSeconds(10));
                watch.round();
                assertEquals(now.toEpochMilli(), incumbents.hearsSince());
            }
            server.comeBack();
        }
    }
}
