package org.qrm.api.search;

import java.util.List;
import java.util.Objects;

/**
 * What was found of one kind.
 *
 * @param best the best of them, the best first
 * @param more how many there are beside them; {@link #COUNTED} also for more than that
 */
public record Matches(FoundKind kind, List<Found> best, int more) {

    /** So far is counted. */
    public static final int COUNTED = 1000;

    public Matches {
        Objects.requireNonNull(kind);
        best = List.copyOf(best);
    }
}
