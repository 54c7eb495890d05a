package org.qrm.commands.noun;

import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionState;
import org.qrm.commands.About;
import org.qrm.commands.Restless;

/** A partition as its host sees it. */
record PartitionView(
        @About("number of the resource that it is") long id,
        @About("name of the resource that it is") String name,
        @About("its network card") String mac,
        @About("number of the resource it runs on") long hostId,
        @About("the plug-in that manages it") String plugin,
        @About("virtual CPUs") int cpus,
        @About("share of each CPU in MHz, 0 for all of it") int cpuMhz,
        @About("MiB") long memoryMb,

        @About("CPUs of the host that it may use, empty for any")
        String pinnedCpus,

        @About("where it stands on its host") PartitionState state,

        @About("why it is in error, or what was seen amiss, else empty")
        String reason)
        implements Restless {

    @Override
    public Object calm() {
        return new PartitionView(id, name, mac, hostId, plugin, cpus, cpuMhz, memoryMb, pinnedCpus, null, "");
    }

    static PartitionView of(Partition partition) {
        return new PartitionView(
                partition.id(),
                partition.name(),
                partition.mac().value(),
                partition.hostId(),
                partition.plugin(),
                partition.size().cpus(),
                partition.size().cpuMhz(),
                partition.size().memoryMb(),
                partition.pinnedCpus(),
                partition.state(),
                partition.reason());
    }
}
