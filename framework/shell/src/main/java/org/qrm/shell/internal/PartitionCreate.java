package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.Partitions;
import org.qrm.api.resource.Resources;
import org.qrm.api.user.Role;

/** {@code qrm:partition-create}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "partition-create", description = "Creates and starts partitions on a host.")
public final class PartitionCreate extends WorkCommand {

    @Reference(optional = true)
    Resources resources;

    @Reference(optional = true)
    Partitions partitions;

    @Argument(index = 0, name = "host", description = "Number, name or MAC address.", required = true)
    @Completion(ResourceCompleter.class)
    String host;

    @Option(name = "--count", description = "How many; 1 unless given.")
    int count = 1;

    @Option(name = "--cpus", description = "CPUs of each; 1 unless given.")
    int cpus = 1;

    @Option(name = "--cpu-mhz", description = "MHz of each CPU; 0: all.")
    int cpuMhz;

    @Option(name = "--memory-mb", description = "MiB of memory of each.", required = true)
    long memoryMb;

    @Override
    void run() throws InterruptedException {
        PartitionSize size = new PartitionSize(cpus, cpuMhz, memoryMb);
        work(partitions.create(ResourceCommand.find(resources, host).id(), count, size));
    }
}
