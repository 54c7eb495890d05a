package org.qrm.core.partition;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.event.Priority;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSize;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRows;

/** Gives a partition another size, or other CPUs of its host. */
final class ChangePartition implements OperationKind {

    static final String NAME = "partition.change";

    private final PartitionWork partitions;
    private final ResourceRows rows;

    /** How it is to be. */
    record Wanted(long host, List<Long> partitions, int cpus, int cpuMhz, long memoryMb, String pinnedCpus)
            implements PartitionWork.OnPartitions {

        static Wanted of(Partition now, PartitionSize size, String pinnedCpus) {
            return new Wanted(now.hostId(), List.of(now.id()), size.cpus(), size.cpuMhz(), size.memoryMb(), pinnedCpus);
        }

        PartitionSize size() {
            return new PartitionSize(cpus, cpuMhz, memoryMb);
        }

        /** The partition as it is to be. */
        Partition on(Partition now) {
            return new Partition(
                    now.id(),
                    now.name(),
                    now.mac(),
                    now.hostId(),
                    now.plugin(),
                    size(),
                    pinnedCpus,
                    now.state(),
                    now.reason());
        }
    }

    ChangePartition(PartitionWork partitions, ResourceRows rows) {
        this.partitions = partitions;
        this.rows = rows;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step("change", PartitionWork.DOING, this::change));
    }

    private Outcome change(Work work) {
        return partitions.onHost(work, (provider, host) -> {
            Wanted wanted = work.parameters(Wanted.class);
            PartitionSize size = wanted.size();
            for (PartitionRow row : PartitionWork.partitions(work)) {
                Partition changed = wanted.on(row.partition());
                partitions.call(
                        work,
                        provider,
                        host,
                        new PartitionRow(changed, row.wanted(), row.hostBoot()),
                        PartitionProvider::change);
                work.change(change -> {
                    PartitionRows.resize(change, row.id(), size, changed.pinnedCpus());
                    rows.setSize(change, row.id(), size.cpus(), mhz(size, host), size.memoryMb());
                    PartitionWork.tell(change, row, Priority.INFO, "partition.changed", "has another size");
                    return null;
                });
            }
            return Outcome.DONE;
        });
    }

    private static int mhz(PartitionSize size, Hosts.Host host) {
        return size.cpuMhz() > 0
                ? size.cpuMhz()
                : host.row().resource().hardware().cpuMhz();
    }

    @Override
    public void undo(Work work, Problem why) {
        partitions.leave(work, why);
    }
}
