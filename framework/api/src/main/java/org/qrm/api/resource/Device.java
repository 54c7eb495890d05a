package org.qrm.api.resource;

/**
 * A device that a machine found in itself. Texts are what makers wrote, may be empty, and are at most 64 characters.
 *
 * @param kind what it is
 * @param name where it is: {@code sda}, {@code DIMM_A1}, {@code 0000:3b:00.0}
 * @param sizeMb MiB of a disk or memory module; 0 while unknown, and for what has none
 * @param serial its serial number
 * @param model maker and model
 * @param details what else is known, for people: {@code ssd nvme}, {@code DDR4 3200 MT/s}
 */
public record Device(DeviceKind kind, String name, long sizeMb, String serial, String model, String details) {}
