package org.qrm.core.partition;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.event.Priority;
import org.qrm.api.partition.PartitionState;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;

/** Makes a partition stand still, or go on. */
final class PausePartition implements OperationKind {

    private final PartitionWork partitions;
    private final boolean pause;

    PausePartition(PartitionWork partitions, boolean pause) {
        this.partitions = partitions;
        this.pause = pause;
    }

    @Override
    public String name() {
        return pause ? "partition.pause" : "partition.resume";
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step(pause ? "pause" : "resume", PartitionWork.DOING, this::run));
    }

    private Outcome run(Work work) {
        return partitions.onHost(work, (provider, host) -> {
            for (PartitionRow row : PartitionWork.partitions(work)) {
                partitions.call(
                        work,
                        provider,
                        host,
                        row,
                        (it, on, partition, context) -> it.pause(on, partition, pause, context));
                work.change(change -> {
                    PartitionRows.move(change, row.id(), pause ? PartitionState.PAUSED : PartitionState.RUNNING, "");
                    PartitionWork.tell(
                            change,
                            row,
                            Priority.INFO,
                            pause ? "partition.paused" : "partition.running",
                            pause ? "is paused" : "goes on");
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
