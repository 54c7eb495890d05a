package org.qrm.api.partition;

/**
 * What a partition is given.
 *
 * @param cpus virtual CPUs, 1..512
 * @param cpuMhz share of each CPU in MHz, 0 for all of it
 * @param memoryMb memory in MiB, 1..16777216
 */
public record PartitionSize(int cpus, int cpuMhz, long memoryMb) {}
