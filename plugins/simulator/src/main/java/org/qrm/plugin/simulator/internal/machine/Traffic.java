package org.qrm.plugin.simulator.internal.machine;

import java.util.concurrent.atomic.LongAdder;

/** Counts what the machines of a rack did. */
public final class Traffic {

    final LongAdder configurations = new LongAdder();
    final LongAdder registrations = new LongAdder();
    final LongAdder reports = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder failures = new LongAdder();

    /** Boot configurations that were answered. */
    public long configurations() {
        return configurations.sum();
    }

    /** Registrations that were accepted. */
    public long registrations() {
        return registrations.sum();
    }

    /** Reports that were answered. */
    public long reports() {
        return reports.sum();
    }

    /** Requests that were answered with another status than 200. */
    public long refusals() {
        return refusals.sum();
    }

    /** Requests that were not answered. */
    public long failures() {
        return failures.sum();
    }
}
