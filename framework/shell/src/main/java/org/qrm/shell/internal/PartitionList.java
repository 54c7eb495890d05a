package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.Partitions;
import org.qrm.api.resource.Resources;
import org.qrm.api.user.Role;

/** {@code qrm:partition-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "partition-list", description = "Lists the partitions of a host.")
public final class PartitionList extends ShowingCommand {

    @Reference(optional = true)
    Resources resources;

    @Reference(optional = true)
    Partitions partitions;

    @Argument(index = 0, name = "host", description = "Number, name or MAC address.", required = true)
    @Completion(ResourceCompleter.class)
    String host;

    @Override
    void run() {
        list(
                partitions.list(ResourceCommand.find(resources, host).id()).stream()
                        .map(View::of)
                        .toList(),
                "id",
                "name",
                "mac",
                "state",
                "cpus",
                "cpuMhz",
                "memoryMb",
                "reason");
    }
}
