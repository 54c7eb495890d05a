package org.qrm.api.operation;

/** Where one thing of an operation on many stands. */
public enum PartState {
    /** It is not begun yet. */
    QUEUED,
    /** An operation of its own is at work on it. */
    RUNNING,
    DONE,
    /** It was not begun: its state did not allow it when it was its turn. */
    REFUSED,
    FAILED,
    /** It was not begun, or was asked to end, because the whole was. */
    CANCELLED
}
