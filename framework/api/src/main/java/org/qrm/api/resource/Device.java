package org.qrm.api.resource;

/**
 * A device that a machine found in itself. Texts are what makers wrote, may be empty, and are at most 64 characters.
 *
 * @param kind what it is
 * @param name where it is: {@code sda}, {@code DIMM_A1}, {@code 0000:3b:00.0}; of a neighbour, the card
 * @param sizeMb MiB of a disk or memory module; 0 while unknown, and for what has none
 * @param serial its serial number; of a neighbour, the id of the switch's chassis
 * @param model maker and model; of a neighbour, the switch and its port
 * @param details what else is known, for people: {@code ssd nvme}, {@code DDR4 3200 MT/s}, {@code VLAN 30}
 */
public record Device(DeviceKind kind, String name, long sizeMb, String serial, String model, String details) {}
