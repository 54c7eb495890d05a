package org.qrm.api.user;

/** What a user may do; each role may also do what those before it may. */
public enum Role {
    /** Looks. */
    VIEWER,
    /** Runs what there is: starts, stops, restarts, cancels, acknowledges, makes partitions. */
    OPERATOR,
    /** Decides what there is: images, storage servers, virtual environments, plug-ins, users. */
    ADMIN;

    /** Whether who has this role may do what needs the other. */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }
}
