package org.qrm.rest.internal.fake;

import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Operation;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;

/** Every host of plug-in "xen" has one partition, number 50, and room for 1024 MiB. */
public final class FakePartitions implements PartitionProvider {

    private final FakeOperations operations;
    public volatile PartitionSize lastSize;

    public FakePartitions(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public String plugin() {
        return "xen";
    }

    @Override
    public List<Partition> list(Resource host) {
        MacAddress mac = new MacAddress("52:54:00:bb:00:01");
        PartitionSize size = new PartitionSize(1, 700, 256);
        return List.of(new Partition(50, mac, host.id(), "xen", size, PartitionState.RUNNING, ""));
    }

    @Override
    public Operation create(Resource host, int count, PartitionSize size) {
        lastSize = size;
        if (size.memoryMb() > 1024) {
            throw QrmException.refused(
                    "create partitions", host.name(), "1024 MiB are free, " + size.memoryMb() + " are needed", "");
        }
        return operations.queue("partition.create", "resource/" + host.id());
    }

    @Override
    public Operation act(Resource host, long partition, PartitionAction action) {
        if (partition != 50) {
            throw QrmException.notFound("find partition", "partition", Long.toString(partition));
        }
        return operations.queue("partition." + action.name().toLowerCase(), "resource/" + partition);
    }
}
