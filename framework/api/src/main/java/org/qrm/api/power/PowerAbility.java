package org.qrm.api.power;

/** What can be done to a machine by who switches it. More may come: who tells them apart has a branch for the others. */
public enum PowerAbility {
    /** It can be switched on. */
    ON,
    /** Its power can be cut. With {@link #ON}: also off and on again. */
    OFF,
    /** It is told whether it has power. */
    STATE,
    /** Its sensors can be read. */
    SENSORS,
    /** The event log that its BMC keeps can be read. */
    BMC_LOG,
    /** Its locator light can be switched on and off. */
    IDENTIFY,
    /** It is told which firmware it has. */
    FIRMWARE,
    /** Its serial console can be opened as a terminal. */
    CONSOLE,
    /** Its system can be asked to shut down and switch it off. */
    SHUT_DOWN,
    /** It can be told what to boot from the next time. With {@link #ON}: also to be switched on from there. */
    BOOT_DEVICE
}
