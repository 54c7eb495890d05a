package org.qrm.core.operation;

import java.time.Duration;

/**
 * A step of an operation.
 *
 * @param name {@code open-access}
 * @param limit how long it may take, waiting included
 * @param action what it does
 */
public record Step(String name, Duration limit, Action action) {

    /** What a step does. */
    @FunctionalInterface
    public interface Action {
        Outcome run(Work work) throws Exception;
    }

    /** How a run of a step ended. */
    public enum Outcome {
        /** The step is done. */
        DONE,
        /** The step is done, and the operation row says so already ({@link Work#complete}). */
        COMPLETED,
        /** It runs again when something changes on one of the operation's lanes, until its limit. */
        WAIT
    }
}
