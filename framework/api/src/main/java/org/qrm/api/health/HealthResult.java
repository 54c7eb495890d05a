package org.qrm.api.health;

import java.util.Objects;

/**
 * The outcome of a check.
 *
 * @param status the verdict
 * @param message what was found and, unless OK, what to do
 */
public record HealthResult(Status status, String message) {

    /** Verdicts. */
    public enum Status {
        OK,
        /** Works, but an operator should look. */
        WARN,
        /** The server is not ready. */
        CRITICAL
    }

    public HealthResult {
        Objects.requireNonNull(status);
        Objects.requireNonNull(message);
    }
}
