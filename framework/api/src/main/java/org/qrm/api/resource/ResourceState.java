package org.qrm.api.resource;

/**
 * States of a resource's life cycle; a state is what the machine reported, or that it did not. There may be more in a later release: a
 * {@code switch} needs a {@code default} branch.
 */
public enum ResourceState {
    /** Waits to be admitted; or a partition that has not registered yet. */
    NEW,
    /** Runs the idle environment, registered, waits for work. */
    IDLE,
    /** Bound to a virtual environment; still runs what it ran before. */
    ASSIGNED,
    /** On its way into the virtual environment. */
    BOOTING,
    /** Reported from inside the booted image. */
    ACTIVE,
    /** On its way back to idle. */
    RELEASING,
    /** Switched off on request; or idle and silent, and who switches it says that it has no power. */
    OFF,
    /** Silent beyond the limit, or failed; the reason is with it. */
    ERROR,
    /** Kept out of placement by an administrator. */
    MAINTENANCE
}
