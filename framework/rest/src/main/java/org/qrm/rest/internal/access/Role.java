package org.qrm.rest.internal.access;

/** What a caller may do; each role may also do what those before it may. */
public enum Role {
    /** Looks. */
    VIEWER,
    /** Starts, stops, restarts, cancels, acknowledges. */
    OPERATOR,
    /** Decides what there is: images, storage servers, virtual environments, plug-ins. */
    ADMIN;

    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }
}
