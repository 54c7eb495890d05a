package org.qrm.api.partition;

/** What can be asked of a partition. */
public enum PartitionAction {
    START,
    STOP,
    RESTART,
    REMOVE
}
