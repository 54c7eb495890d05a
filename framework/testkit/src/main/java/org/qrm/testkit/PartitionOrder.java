package org.qrm.testkit;

import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.resource.Resource;

/** What is done to a partition. */
enum PartitionOrder {
    START(PartitionProvider::start),
    STOP((provider, host, partition, work) -> provider.stop(host, partition, false, work)),
    CUT((provider, host, partition, work) -> provider.stop(host, partition, true, work)),
    PAUSE((provider, host, partition, work) -> provider.pause(host, partition, true, work)),
    RESUME((provider, host, partition, work) -> provider.pause(host, partition, false, work)),
    CHANGE(PartitionProvider::change),
    REMOVE(PartitionProvider::remove);

    private interface Giving {
        void give(PartitionProvider provider, Resource host, Partition partition, WorkContext work);
    }

    private final Giving giving;

    PartitionOrder(Giving giving) {
        this.giving = giving;
    }

    void give(PartitionProvider provider, Resource host, Partition partition, WorkContext work) {
        giving.give(provider, host, partition, work);
    }
}
