package org.qrm.core.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/** Creates partitions on a host; the rows are there before. */
final class CreatePartitions implements OperationKind {

    static final String NAME = "partition.create";

    private final PartitionWork partitions;
    private final PartitionStart start;
    private final ResourceRows rows;
    private final Hosts hosts;

    CreatePartitions(PartitionWork partitions, PartitionStart start, ResourceRows rows, Hosts hosts) {
        this.partitions = partitions;
        this.start = start;
        this.rows = rows;
        this.hosts = hosts;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return List.of(start.start(PartitionWork.DOING_MANY), start.awaitReturn());
    }

    /** What was made is taken away, unless something runs there already. */
    @Override
    public void undo(Work work, Problem why) {
        List<PartitionRow> left = PartitionWork.partitions(work).stream()
                .filter(row -> work.read(handle -> rows.find(handle, row.id()))
                        .filter(resource -> resource.resource().environmentId() == null)
                        .isPresent())
                .toList();
        Optional<Hosts.Host> host = work.read(handle -> hosts.find(handle, PartitionWork.hostId(work)));
        List<String> kept = new ArrayList<>();
        for (PartitionRow row : left) {
            try {
                if (host.isPresent()) {
                    PartitionProvider provider =
                            hosts.require("undo", host.get().plugin());
                    partitions.call(work, provider, host.get(), row, PartitionProvider::remove);
                }
                work.change(change -> {
                    partitions.forget(change, row);
                    return null;
                });
            } catch (CancelledException ended) {
                throw ended;
            } catch (QrmException failed) {
                Database.throwIfLost(failed);
                kept.add(row.partition().name() + ": " + failed.problem().reason());
                partitions.leave(work, failed.problem());
            }
        }
        if (!kept.isEmpty()) {
            throw QrmException.failed(
                    "take away partitions that were being created",
                    partitions.hostName(work),
                    String.join("; ", kept),
                    "Remove them when the host answers again.",
                    null);
        }
    }
}
