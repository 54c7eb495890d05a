package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.Partitions;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.Resources;

/** A command about one partition, as a person names it. */
public abstract class PartitionCommand extends WorkCommand {

    @Reference(optional = true)
    Resources resources;

    @Reference(optional = true)
    Partitions partitions;

    @Argument(index = 0, name = "partition", description = "Number, name or MAC address.", required = true)
    @Completion(PartitionCompleter.class)
    String partition;

    final Partition found() {
        Resource resource = ResourceCommand.find(resources, partition);
        return partitions
                .find(resource.id())
                .orElseThrow(() -> QrmException.conflict(
                        "find partition", resource.name(), "this resource is no partition", "Name a partition."));
    }
}
