package org.qrm.core.node;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.core.resource.ResourceRow;

/**
 * How much of what a machine says of itself is put on record. Who says something else each time would wash out the event log, and
 * whoever waits to be admitted may be anybody: of those the first word counts.
 */
final class OwnWords {

    static final int AT_ONCE = 30;
    private static final Duration ONE_MORE = Duration.ofMinutes(2);

    private final Map<Long, Said> said = new ConcurrentHashMap<>();
    private final Clock clock;

    OwnWords(Clock clock) {
        this.clock = clock;
    }

    /** @param left that may be put on record at that time */
    private record Said(double left, long at) {
        Said later(long now) {
            return new Said(Math.min(AT_ONCE, left + (double) (now - at) / ONE_MORE.toMillis()), now);
        }
    }

    /** Whether that machine may have one more thing put on record; asking takes it as done. */
    boolean mayBeNoted(ResourceRow row) {
        if (!row.admitted()) {
            return false;
        }
        long now = clock.millis();
        boolean[] may = {false};
        said.compute(row.id(), (id, before) -> {
            Said until = before == null ? new Said(AT_ONCE, now) : before.later(now);
            may[0] = until.left() >= 1;
            return may[0] ? new Said(until.left() - 1, now) : until;
        });
        return may[0];
    }
}
