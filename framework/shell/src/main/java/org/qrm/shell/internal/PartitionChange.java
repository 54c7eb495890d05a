package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.user.Role;

/** {@code qrm:partition-change}. */
@Service
@Needs(Role.OPERATOR)
@Command(
        scope = "qrm",
        name = "partition-change",
        description = "Gives a partition another size, or other CPUs of its host.")
public final class PartitionChange extends PartitionCommand {

    @Option(name = "--cpus", description = "CPUs.")
    Integer cpus;

    @Option(name = "--cpu-mhz", description = "MHz of each CPU; 0: all.")
    Integer cpuMhz;

    @Option(name = "--memory-mb", description = "MiB of memory.")
    Long memoryMb;

    @Option(name = "--pinned-cpus", description = "CPUs of the host that it may use, 0-1,3; empty for any.")
    String pinnedCpus;

    @Override
    void run() throws InterruptedException {
        Partition now = found();
        PartitionSize size = new PartitionSize(
                cpus == null ? now.size().cpus() : cpus,
                cpuMhz == null ? now.size().cpuMhz() : cpuMhz,
                memoryMb == null ? now.size().memoryMb() : memoryMb);
        work(partitions.change(now.id(), size.equals(now.size()) ? null : size, pinnedCpus));
    }
}
