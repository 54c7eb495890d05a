package org.qrm.core.operation;

import java.util.OptionalDouble;

/** How far a step is, as it is stored: once a second at most, so that a step may tell as often as it likes. */
final class StepProgress {

    private static final long SECOND = 1_000_000_000L;

    private long written;
    private double stored;

    /** A step begins, or goes on from there. */
    void begin(double at) {
        stored = at;
    }

    /**
     * What is to be stored now, if anything.
     *
     * @param step whether the row tells of this step already
     */
    OptionalDouble reached(double fraction, boolean step) {
        long now = System.nanoTime();
        double within = Math.max(0, Math.min(1, fraction));
        if (now - written < SECOND && fraction < 1 || within == stored && step) {
            return OptionalDouble.empty();
        }
        written = now;
        stored = within;
        return OptionalDouble.of(within);
    }
}
