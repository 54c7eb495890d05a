package org.qrm.core.partition;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;

/** Starts a partition. */
final class StartPartition implements OperationKind {

    static final String NAME = "partition.start";

    private final PartitionWork partitions;
    private final PartitionStart start;

    StartPartition(PartitionWork partitions, PartitionStart start) {
        this.partitions = partitions;
        this.start = start;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return List.of(start.start(PartitionWork.DOING), start.awaitReturn());
    }

    @Override
    public void undo(Work work, Problem why) {
        partitions.leave(work, why);
    }
}
