package org.qrm.api.resource;

import java.time.Duration;

/** How far back a history goes: the longer, the coarser. */
public enum HistorySpan {
    HOUR(Duration.ofMinutes(1), 60),
    DAY(Duration.ofMinutes(15), 96),
    WEEK(Duration.ofHours(2), 84),
    MONTH(Duration.ofHours(8), 93),
    YEAR(Duration.ofDays(4), 92);

    private final Duration step;
    private final int steps;

    HistorySpan(Duration step, int steps) {
        this.step = step;
        this.steps = steps;
    }

    /** How long one of its samples is; each begins at a multiple of that since 1970, in UTC. */
    public Duration step() {
        return step;
    }

    /** How many samples it has at most. */
    public int steps() {
        return steps;
    }
}
