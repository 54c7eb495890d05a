package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.Partitions;
import org.qrm.api.resource.Resources;
import org.qrm.api.user.Role;

/** {@code qrm:partition-capacity}. */
@Service
@Needs(Role.VIEWER)
@Command(
        scope = "qrm",
        name = "partition-capacity",
        description = "Tells what a host has left for partitions, as it says now.")
public final class PartitionCapacity extends ShowingCommand {

    @Reference(optional = true)
    Resources resources;

    @Reference(optional = true)
    Partitions partitions;

    @Argument(index = 0, name = "host", description = "Number, name or MAC address.", required = true)
    @Completion(ResourceCompleter.class)
    String host;

    @Override
    void run() {
        item(View.of(partitions.capacity(ResourceCommand.find(resources, host).id())));
    }
}
