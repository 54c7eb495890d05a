package org.qrm.api.partition;

/**
 * What a host has, as it says itself, now.
 *
 * @param cpus logical CPUs, more than which no partition can have
 * @param cpuMhz MHz of one, more than which none can be given
 * @param memoryMb MiB in the machine
 * @param memoryReservedMb MiB of them that the host needs for itself
 * @param memoryFreeMb MiB that new partitions can be given, their overhead included
 * @param overheadMb MiB that each partition takes beside its memory
 */
public record HostCapacity(
        int cpus, int cpuMhz, long memoryMb, long memoryReservedMb, long memoryFreeMb, long overheadMb) {}
