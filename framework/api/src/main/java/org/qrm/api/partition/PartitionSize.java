package org.qrm.api.partition;

/**
 * What a partition is given.
 *
 * @param cpus virtual CPUs, from 1
 * @param cpuMhz share of each CPU in MHz, 0 for all of it
 * @param memoryMb memory in MiB
 */
public record PartitionSize(int cpus, int cpuMhz, long memoryMb) {}
