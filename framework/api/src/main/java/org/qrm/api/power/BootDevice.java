package org.qrm.api.power;

/** What a machine boots from. More may come: who tells them apart has a branch for the others. */
public enum BootDevice {
    /** The network: this server says what it boots. */
    NETWORK,
    /** Its own disk. */
    DISK
}
