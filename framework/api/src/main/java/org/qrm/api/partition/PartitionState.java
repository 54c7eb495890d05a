package org.qrm.api.partition;

/**
 * States of a partition's life cycle on its host; what it does as a resource is another matter. There may be more in a later release: a
 * {@code switch} needs a {@code default} branch.
 */
public enum PartitionState {
    /** Known to the server, not yet to its host. */
    DEFINED,
    CREATING,
    RUNNING,
    /** Stands still in its host's memory. */
    PAUSED,
    STOPPED,
    REMOVING,
    ERROR
}
