package org.qrm.api.resource;

/** What a resource is made of. */
public enum ResourceKind {
    /** A physical machine, or a virtual one that QRM does not manage. */
    NODE,
    /** A virtual machine on a host that QRM runs. */
    PARTITION
}
