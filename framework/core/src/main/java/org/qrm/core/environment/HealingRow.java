package org.qrm.core.environment;

/**
 * A machine of an environment that was lost, and how far its replacement is.
 *
 * @param resource the machine that was lost
 * @param attempts how many starts on other machines there were
 * @param urged whether a person says that it is to go on in any case
 * @param waits what it waits for, or empty
 * @param spare the machine that was taken instead last, or null
 * @param operation what is at work on it, or was last
 * @param changed when it came to its stage, in milliseconds
 */
record HealingRow(
        String environment,
        long resource,
        Stage stage,
        int attempts,
        boolean urged,
        String waits,
        Long spare,
        long operation,
        long changed) {

    /** How far it is. */
    enum Stage {
        /** For its turn. */
        WAITING,
        /** It is being switched off. */
        FENCING,
        /** Nobody can tell that it is off. */
        UNCONFIRMED,
        /** Nobody can tell that it is off, and its image is being closed to it. */
        CLOSING,
        /** It may be on, but its image is closed to it. */
        CLOSED,
        /** A person says that it is off. */
        CONFIRMED,
        /** It is off. */
        FENCED,
        /** It is bound no more; another one is to be taken. */
        RELEASED,
        /** It starts on another one. */
        STARTING,
        /** It ran on another one. */
        HEALED,
        /** A person is to decide. */
        GIVEN_UP
    }

    boolean isUnfenced() {
        return stage == Stage.WAITING || stage == Stage.FENCING || stage == Stage.UNCONFIRMED || stage == Stage.CLOSING;
    }

    /** Whoever says that it is off is heard also while it is tried once more to do without him. */
    boolean waitsForPerson() {
        return stage == Stage.UNCONFIRMED || stage == Stage.CLOSING;
    }

    boolean isFenced() {
        return stage == Stage.CONFIRMED || stage == Stage.FENCED || stage == Stage.CLOSED;
    }
}
