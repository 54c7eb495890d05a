package org.qrm.core.operation;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices that the process stood still, or that the host's clock was set: time that the clock shows then has not passed for those who
 * wait for others.
 */
public final class Pauses {

    private final Duration borne;
    private final LongSupplier nanos;
    private final LongSupplier millis;
    private long lastNanos;
    private long lastMillis;

    /**
     * @param borne between two looks, and of difference between the clocks
     * @param nanos a clock that nobody sets
     * @param millis the clock that deadlines are told by
     */
    public Pauses(Duration borne, LongSupplier nanos, LongSupplier millis) {
        this.borne = borne;
        this.nanos = nanos;
        this.millis = millis;
        lastNanos = nanos.getAsLong();
        lastMillis = millis.getAsLong();
    }

    /**
     * What happened between two looks.
     *
     * @param stoodStill whether the process did; else the clock was set
     * @param length for which the clock went on and nothing was done; negative when it was set back
     */
    public record Pause(boolean stoodStill, Duration length) {

        /** For people. */
        public String told() {
            return (stoodStill ? "This server stood still for " : "The clock of this server was set by ")
                    + length.toSeconds() + " s";
        }
    }

    /** What happened since the last look. */
    public synchronized Optional<Pause> look() {
        long nowNanos = nanos.getAsLong();
        long nowMillis = millis.getAsLong();
        Duration passed = Duration.ofNanos(nowNanos - lastNanos);
        Duration shown = Duration.ofMillis(nowMillis - lastMillis);
        Duration set = shown.minus(passed);
        lastNanos = nowNanos;
        lastMillis = nowMillis;
        if (set.abs().compareTo(borne) > 0) {
            return Optional.of(new Pause(false, passed.compareTo(borne) > 0 ? shown : set));
        }
        return passed.compareTo(borne) > 0 ? Optional.of(new Pause(true, passed)) : Optional.empty();
    }
}
