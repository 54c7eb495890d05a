package org.qrm.core.node;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/**
 * Whose a node token is, without a look into the database for each that is invented: what sessions know, and else all that are
 * good, which are read anew every few seconds at most.
 */
final class NodeTokens {

    private static final Duration READ = Duration.ofSeconds(5);

    private final Database database;
    private final ResourceRows rows;
    private final Map<Long, NodeSession> sessions;
    private final Clock clock;
    private final AtomicLong nextRead = new AtomicLong();
    private volatile Map<Long, String> read = Map.of();

    NodeTokens(Database database, ResourceRows rows, Map<Long, NodeSession> sessions, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.sessions = sessions;
        this.clock = clock;
    }

    boolean has(long resource, String digest) {
        NodeSession session = sessions.get(resource);
        NodeSession.Known known = session == null ? null : session.known();
        if (known != null && NodeSession.matches(known, digest)) {
            return true;
        }
        readNowAndThen();
        return NodeSession.matches(read.get(resource), digest);
    }

    private void readNowAndThen() {
        long now = clock.millis();
        long due = nextRead.get();
        if (now >= due && nextRead.compareAndSet(due, now + READ.toMillis())) {
            read = database.read(rows::nodeTokenHashes);
        }
    }
}
