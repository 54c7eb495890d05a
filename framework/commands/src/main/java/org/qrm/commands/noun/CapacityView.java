package org.qrm.commands.noun;

import org.qrm.api.partition.HostCapacity;
import org.qrm.commands.About;

/** What a host has for partitions. */
record CapacityView(
        @About("logical CPUs") int cpus,
        @About("MHz of one") int cpuMhz,
        @About("MiB in the machine") long memoryMb,
        @About("MiB of them that the host needs for itself") long memoryReservedMb,

        @About("MiB that new partitions can be given, their overhead included")
        long memoryFreeMb,

        @About("MiB that each partition takes beside its memory")
        long overheadMb) {

    static CapacityView of(HostCapacity capacity) {
        return new CapacityView(
                capacity.cpus(),
                capacity.cpuMhz(),
                capacity.memoryMb(),
                capacity.memoryReservedMb(),
                capacity.memoryFreeMb(),
                capacity.overheadMb());
    }
}
