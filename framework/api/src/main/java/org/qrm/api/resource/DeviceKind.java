package org.qrm.api.resource;

/** What a device of a machine is. More may come: who tells them apart has a branch for the others. */
public enum DeviceKind {
    /** A processor with its socket. */
    CPU,
    /** The mainboard. */
    BOARD,
    /** BIOS or UEFI. */
    FIRMWARE,
    /** A Trusted Platform Module. */
    TPM,
    /** A memory module. */
    MEMORY,
    /** A disk, however it is attached; a LUN of several paths once. */
    DISK,
    /** A graphics processor, whether a screen can be attached to it or not. */
    GPU,
    /** A processor for one purpose: inference, cryptography. */
    ACCELERATOR,
    /** Another PCI function: a controller of disks or networks, a BMC's screen. */
    PCI,
    /** What a network card is plugged into: a port of a switch, as that tells it by LLDP. */
    NEIGHBOUR
}
