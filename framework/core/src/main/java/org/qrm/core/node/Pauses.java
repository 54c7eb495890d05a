package org.qrm.core.node;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices that the process stood still, or that the host's clock was set: what the clock says of machines that were heard of before is no
 * silence of theirs then.
 */
final class Pauses {

    private final Duration borne;
    private final LongSupplier nanos;
    private final LongSupplier millis;
    private long lastNanos;
    private long lastMillis;

    /**
     * @param borne between two looks, and of difference between the clocks
     * @param nanos a clock that nobody sets
     * @param millis the clock that machines are heard of by
     */
    Pauses(Duration borne, LongSupplier nanos, LongSupplier millis) {
        this.borne = borne;
        this.nanos = nanos;
        this.millis = millis;
        lastNanos = nanos.getAsLong();
        lastMillis = millis.getAsLong();
    }

    /** What happened since the last look, for people. */
    Optional<String> look() {
        long nowNanos = nanos.getAsLong();
        long nowMillis = millis.getAsLong();
        Duration passed = Duration.ofNanos(nowNanos - lastNanos);
        Duration set = Duration.ofMillis(nowMillis - lastMillis).minus(passed);
        lastNanos = nowNanos;
        lastMillis = nowMillis;
        if (passed.compareTo(borne) > 0) {
            return Optional.of("This server stood still for " + passed.toSeconds() + " s");
        }
        return set.abs().compareTo(borne) > 0
                ? Optional.of("The clock of this server was set by " + set.toSeconds() + " s")
                : Optional.empty();
    }
}
