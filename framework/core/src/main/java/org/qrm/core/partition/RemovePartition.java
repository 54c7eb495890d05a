package org.qrm.core.partition;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionState;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Change;

/** Removes a partition from its host, and forgets it; also when the host is gone. */
final class RemovePartition implements OperationKind {

    static final String NAME = "partition.remove";

    private final PartitionWork partitions;
    private final ResourceRows rows;
    private final Hosts hosts;

    RemovePartition(PartitionWork partitions, ResourceRows rows, Hosts hosts) {
        this.partitions = partitions;
        this.rows = rows;
        this.hosts = hosts;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step("remove", PartitionWork.DOING, this::remove));
    }

    private Outcome remove(Work work) {
        List<PartitionRow> all = PartitionWork.partitions(work);
        boolean hostIsGone = work.read(handle -> hosts.find(handle, PartitionWork.hostId(work)))
                .isEmpty();
        if (hostIsGone) {
            return work.complete(change -> all.forEach(row -> partitions.forget(change, row)));
        }
        return partitions.onHost(work, (provider, host) -> {
            for (PartitionRow row : all) {
                work.change(change -> {
                    checkFree(change, row);
                    PartitionRows.want(change, row.id(), false);
                    PartitionRows.move(change, row.id(), PartitionState.REMOVING, "");
                    return null;
                });
                partitions.call(work, provider, host, row, PartitionProvider::remove);
                work.change(change -> {
                    partitions.forget(change, row);
                    return null;
                });
            }
            return Outcome.DONE;
        });
    }

    private void checkFree(Change change, PartitionRow row) {
        String environment = rows.find(change.handle(), row.id())
                .map(it -> it.resource().environmentId())
                .orElse(null);
        if (environment != null) {
            throw QrmException.conflict(
                    "remove partition",
                    row.partition().name(),
                    "it runs virtual environment " + environment,
                    "Stop that first.");
        }
    }

    @Override
    public void undo(Work work, Problem why) {
        partitions.leave(work, why);
    }
}
