package org.qrm.api.partition;

/** What can be asked of a partition. */
public enum PartitionAction {
    START,
    /** Asks its system to shut down, and switches it off when that takes too long. */
    STOP,
    RESTART,
    PAUSE,
    /** Ends a pause. */
    RESUME,
    REMOVE
}
