package org.qrm.core.partition;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRows;

/** Starts partitions, and waits until they are back as resources. */
final class PartitionStart {

    private static final Set<ResourceState> NOT_BACK =
            Set.of(ResourceState.NEW, ResourceState.OFF, ResourceState.ERROR, ResourceState.BOOTING);

    private final PartitionWork partitions;
    private final ResourceRows rows;
    private final Limits limits;

    PartitionStart(PartitionWork partitions, ResourceRows rows, Limits limits) {
        this.partitions = partitions;
        this.rows = rows;
        this.limits = limits;
    }

    /** Starts each. */
    Step start(Duration limit) {
        return new Step("start", limit, this::each);
    }

    /** The step that follows. */
    Step awaitReturn() {
        return new Step("await-return", limits.boot(), this::areBack);
    }

    private Outcome each(Work work) {
        return partitions.onHost(work, (provider, host) -> {
            List<PartitionRow> all = PartitionWork.partitions(work);
            for (int i = 0; i < all.size(); i++) {
                work.progress(
                        (double) i / all.size(),
                        "starting " + all.get(i).partition().name());
                one(work, provider, host, all.get(i));
            }
            return Outcome.DONE;
        });
    }

    void one(Work work, PartitionProvider provider, Hosts.Host host, PartitionRow row) {
        PartitionState now = row.partition().state();
        if (now != PartitionState.RUNNING) {
            work.change(change -> {
                PartitionRows.move(change, row.id(), PartitionState.CREATING, "");
                rows.find(change.handle(), row.id()).ifPresent(it -> rows.endBoot(change, it));
                return null;
            });
        }
        partitions.call(work, provider, host, row, PartitionProvider::start);
        work.change(change -> {
            PartitionRows.move(change, row.id(), PartitionState.RUNNING, "");
            PartitionRows.want(change, row.id(), true);
            PartitionRows.startedIn(change, row.id(), host.row().bootId());
            PartitionWork.tell(change, row, Priority.INFO, "partition.running", "runs on " + host.name());
            PartitionWork.resolve(change, row.id());
            return null;
        });
    }

    /** Until each has registered, and runs what it is bound to. */
    private Outcome areBack(Work work) {
        List<PartitionRow> all = PartitionWork.partitions(work);
        if (all.isEmpty()) {
            throw QrmException.failed(
                    "start partition", partitions.hostName(work), "it was removed meanwhile", "Create it again.", null);
        }
        long back = all.stream()
                .flatMap(row -> work.read(handle -> rows.find(handle, row.id())).stream())
                .filter(row -> !NOT_BACK.contains(row.state()))
                .count();
        work.progress((double) back / all.size(), back + " of " + all.size() + " are back");
        return back == all.size() ? Outcome.DONE : Outcome.WAIT;
    }
}
