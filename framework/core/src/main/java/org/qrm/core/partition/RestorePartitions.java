package org.qrm.core.partition;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.partition.PartitionState;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Database;

/** Starts again what ran on a host before the host restarted. */
final class RestorePartitions implements OperationKind {

    static final String NAME = "partition.restore";

    private final PartitionWork partitions;
    private final PartitionStart start;

    RestorePartitions(PartitionWork partitions, PartitionStart start) {
        this.partitions = partitions;
        this.start = start;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step("start", PartitionWork.DOING_MANY, this::each));
    }

    /** One that cannot be started does not keep the others off. */
    private Outcome each(Work work) {
        return partitions.onHost(work, (provider, host) -> {
            for (PartitionRow row : PartitionWork.partitions(work)) {
                try {
                    start.one(work, provider, host, row);
                } catch (CancelledException ended) {
                    throw ended;
                } catch (QrmException failed) {
                    Database.throwIfLost(failed);
                    if (failed.problem().kind() == Problem.Kind.UNREACHABLE) {
                        throw failed; // the host is away for the moment, and nothing is known of its partitions
                    }
                    work.log(row.partition().name() + ": " + failed.problem().reason());
                    work.change(change -> {
                        PartitionRows.move(
                                change,
                                row.id(),
                                PartitionState.ERROR,
                                failed.problem().reason());
                        PartitionWork.tell(
                                change,
                                row,
                                Priority.ERROR,
                                "partition.error",
                                "was not started again on " + host.name() + ": "
                                        + failed.problem().reason());
                        return null;
                    });
                }
            }
            return Outcome.DONE;
        });
    }

    @Override
    public void undo(Work work, Problem why) {
        partitions.leave(work, why);
    }
}
