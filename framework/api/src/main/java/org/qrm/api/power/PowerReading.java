package org.qrm.api.power;

import java.time.Instant;
import java.util.Objects;

/**
 * Whether a machine has power, as was told last when the server asked in the background.
 *
 * @param state UNKNOWN also when nobody can tell, or it is not told any more
 * @param since when that was told first, or ceased to be told; null when nothing was told yet
 * @param problem why it is not told, in the words of who switches it, at most 300 characters; empty when it is told, or nobody can tell
 */
public record PowerReading(PowerState state, Instant since, String problem) {

    /** Nothing was told yet, and nobody is known who could. */
    public static final PowerReading NONE = new PowerReading(PowerState.UNKNOWN, null, "");

    public PowerReading {
        Objects.requireNonNull(state);
        Objects.requireNonNull(problem);
    }
}
