package org.qrm.api.resource;

/** What a resource is made of. There may be more in a later release: a {@code switch} needs a {@code default} branch. */
public enum ResourceKind {
    /** A physical machine, or a virtual one that QRM does not manage. */
    NODE,
    /** A virtual machine on a host that QRM runs. */
    PARTITION
}
