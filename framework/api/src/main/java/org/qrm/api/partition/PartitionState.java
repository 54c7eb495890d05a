package org.qrm.api.partition;

/** States of a partition's life cycle on its host; what it does as a resource is another matter. */
public enum PartitionState {
    DEFINED,
    CREATING,
    RUNNING,
    STOPPED,
    REMOVING,
    ERROR
}
