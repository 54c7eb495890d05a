package org.qrm.core.call;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;

/**
 * How long an operation waits for a plug-in that is not there: after a restart of the server, operations go on before all
 * bundles have started, and a bundle that is updated is away for a moment.
 */
public final class Patience {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Clock clock;
    private final Map<Long, Instant> since = new ConcurrentHashMap<>();

    public Patience(Clock clock) {
        this.clock = clock;
    }

    /**
     * Rests the step for a moment.
     *
     * @param missing thrown when it has waited for long enough
     */
    public Step.Outcome rest(Work work, RuntimeException missing) {
        Instant first = since.computeIfAbsent(work.operation(), id -> clock.instant());
        if (clock.instant().isAfter(first.plus(LIMIT))) {
            since.remove(work.operation());
            throw missing;
        }
        return work.lookAgainIn(LOOK);
    }

    /** It is there. */
    public void over(Work work) {
        since.remove(work.operation());
    }
}
