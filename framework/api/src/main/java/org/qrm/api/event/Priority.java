package org.qrm.api.event;

/** How much an event matters, least first. */
public enum Priority {
    INFO,
    /** Something an operator may want to look at. */
    WARNING,
    /** Something does not work. */
    ERROR,
    /** Somebody may be attacking. */
    ALARM
}
