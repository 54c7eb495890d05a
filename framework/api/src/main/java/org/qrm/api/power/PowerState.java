package org.qrm.api.power;

/** Whether a machine has power. */
public enum PowerState {
    ON,
    OFF,
    /** Who switches it cannot tell. */
    UNKNOWN
}
