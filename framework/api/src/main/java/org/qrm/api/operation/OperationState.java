package org.qrm.api.operation;

/** States of an operation's life cycle. */
public enum OperationState {
    QUEUED,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED;

    /** Whether it is over. */
    public boolean ended() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }
}
