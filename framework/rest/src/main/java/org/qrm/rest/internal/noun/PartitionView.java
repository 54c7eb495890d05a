package org.qrm.rest.internal.noun;

import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionState;
import org.qrm.rest.internal.http.About;

/** A partition as its host sees it. */
record PartitionView(
        @About("number of the resource that it is") long id,
        @About("its network card") String mac,
        @About("number of the resource it runs on") long hostId,
        @About("the plug-in that manages it") String plugin,
        @About("virtual CPUs") int cpus,
        @About("share of each CPU in MHz, 0 for all of it") int cpuMhz,
        @About("MiB") long memoryMb,
        @About("where it stands on its host") PartitionState state,
        @About("why it is in error, else empty") String reason) {

    static PartitionView of(Partition partition) {
        return new PartitionView(
                partition.id(),
                partition.mac().value(),
                partition.hostId(),
                partition.plugin(),
                partition.size().cpus(),
                partition.size().cpuMhz(),
                partition.size().memoryMb(),
                partition.state(),
                partition.reason());
    }
}
