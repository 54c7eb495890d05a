package org.qrm.core.partition;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.event.Priority;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;

/** Stops a partition. */
final class StopPartition implements OperationKind {

    static final String NAME = "partition.stop";

    private final PartitionWork partitions;

    StopPartition(PartitionWork partitions) {
        this.partitions = partitions;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return List.of(step());
    }

    /** To be done by other kinds, too. */
    Step step() {
        return new Step("stop", PartitionWork.DOING, this::stop);
    }

    private Outcome stop(Work work) {
        return partitions.onHost(work, (provider, host) -> {
            boolean force = PartitionWork.isForced(work);
            for (PartitionRow row : PartitionWork.partitions(work)) {
                work.change(change -> {
                    PartitionRows.want(change, row.id(), false);
                    return null;
                });
                partitions.call(
                        work,
                        provider,
                        host,
                        row,
                        (it, on, partition, context) -> it.stop(on, partition, force, context));
                work.change(change -> {
                    PartitionRows.move(change, row.id(), PartitionState.STOPPED, "");
                    partitions.resourceOff(change, row.id(), ResourceState.OFF, "");
                    PartitionWork.tell(change, row, Priority.INFO, "partition.stopped", "is stopped");
                    PartitionWork.resolve(change, row.id());
                    return null;
                });
            }
            return Outcome.DONE;
        });
    }

    @Override
    public void undo(Work work, Problem why) {
        partitions.leave(work, why);
    }
}
