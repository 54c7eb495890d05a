package org.qrm.core.resource;

import java.time.Clock;
import java.time.Duration;
import org.qrm.core.store.Database;

/** Which of the servers that share a database asks for the power of machines: one, as long as it says so again in time. */
final class PowerTurn {

    private static final long HOLD = Duration.ofSeconds(60).toMillis();
    private static final long AGAIN = Duration.ofSeconds(20).toMillis();

    private final Database database;
    private final String server;
    private final Clock clock;
    private long lookAgain;
    private boolean mine;

    PowerTurn(Database database, String server, Clock clock) {
        this.database = database;
        this.server = server;
        this.clock = clock;
    }

    /** Whether it is this one. */
    boolean isMine() {
        return !database.shared() || isHeld();
    }

    /** The same of a database that may be shared. */
    boolean isHeld() {
        long now = clock.millis();
        if (now >= lookAgain) {
            lookAgain = now + AGAIN;
            mine = database.change(change -> change.handle()
                            .createUpdate("update power_watch set held_by = :server, held_until = :until where id = 1"
                                    + " and (held_by = :server or held_until <= :now)")
                            .bind("server", server)
                            .bind("until", now + HOLD)
                            .bind("now", now)
                            .execute()
                    == 1);
        }
        return mine;
    }
}
