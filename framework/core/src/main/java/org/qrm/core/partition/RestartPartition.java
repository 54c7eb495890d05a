package org.qrm.core.partition;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;

/** Stops a partition and starts it again. */
final class RestartPartition implements OperationKind {

    static final String NAME = "partition.restart";

    private final PartitionWork partitions;
    private final StopPartition stop;
    private final PartitionStart start;

    RestartPartition(PartitionWork partitions, StopPartition stop, PartitionStart start) {
        this.partitions = partitions;
        this.stop = stop;
        this.start = start;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return List.of(stop.step(), start.start(PartitionWork.DOING), start.awaitReturn());
    }

    @Override
    public void undo(Work work, Problem why) {
        partitions.leave(work, why);
    }
}
