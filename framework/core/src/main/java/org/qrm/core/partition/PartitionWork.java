package org.qrm.core.partition;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.call.Patience;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;

/** What operations on partitions have in common: they find them and their host, and tell the host by its plug-in. */
final class PartitionWork {

    /** For one thing done on a host; to create a virtual machine takes a minute on a slow one. */
    static final Duration DOING = Duration.ofMinutes(10);

    static final Duration DOING_MANY = Duration.ofHours(2);

    private final ResourceRows rows;
    private final Hosts hosts;
    private final EnvironmentHealth health;
    private final Patience patience = new Patience(Clock.systemUTC());

    PartitionWork(ResourceRows rows, Hosts hosts, EnvironmentHealth health) {
        this.rows = rows;
        this.hosts = hosts;
        this.health = health;
    }

    /** What an operation is asked for: things done to partitions of one host. */
    interface OnPartitions {
        long host();

        List<Long> partitions();
    }

    /** Nothing more. */
    record OfPartitions(long host, List<Long> partitions) implements OnPartitions {}

    /** @param force at once, without asking its system */
    record Forced(long host, List<Long> partitions, boolean force) implements OnPartitions {}

    interface OnHost {
        Outcome with(PartitionProvider provider, Hosts.Host host);
    }

    interface Call {
        void on(PartitionProvider provider, Resource host, Partition partition, WorkContext context);
    }

    Outcome onHost(Work work, OnHost body) {
        Hosts.Host host = work.read(handle -> hosts.up(handle, "work on partitions", hostId(work)));
        Optional<PartitionProvider> provider = hosts.provider(host.plugin());
        if (provider.isEmpty()) {
            return patience.rest(work, Hosts.missing("work on partitions of " + host.name(), host.plugin()));
        }
        patience.over(work);
        return body.with(provider.get(), host);
    }

    void call(Work work, PartitionProvider provider, Hosts.Host host, PartitionRow row, Call call) {
        work.checkpoint();
        work.assertHeld();
        hosts.call(provider, DOING, work, context -> {
            call.on(provider, host.row().resource(), row.partition(), context);
            return null;
        });
    }

    static List<PartitionRow> partitions(Work work) {
        return work.read(handle -> ofWork(handle, work));
    }

    private static List<PartitionRow> ofWork(Handle handle, Work work) {
        return work.parameters(OfPartitions.class).partitions().stream()
                .flatMap(id -> PartitionRows.find(handle, id).stream())
                .toList();
    }

    static boolean isForced(Work work) {
        return work.parameters(Forced.class).force();
    }

    static long hostId(Work work) {
        return work.parameters(OfPartitions.class).host();
    }

    String hostName(Work work) {
        return work.read(handle -> rows.find(handle, hostId(work)))
                .map(row -> row.resource().name())
                .orElse(String.valueOf(hostId(work)));
    }

    /** What is half done stays so, and says why. */
    void leave(Work work, Problem why) {
        boolean cancelled = why.kind() == Problem.Kind.CONFLICT;
        work.change(change -> {
            for (PartitionRow row : ofWork(change.handle(), work)) {
                PartitionState state = row.partition().state();
                boolean between = state == PartitionState.CREATING || state == PartitionState.REMOVING;
                if (between) {
                    PartitionRows.move(
                            change,
                            row.id(),
                            PartitionState.ERROR,
                            cancelled ? "was cancelled half-way" : why.reason());
                    tell(change, row, Priority.ERROR, "partition.error", "is in trouble: " + why.reason());
                }
            }
            return null;
        });
    }

    void forget(Change change, PartitionRow row) {
        PartitionRows.delete(change, row.id());
        rows.delete(change, row.id());
        tell(change, row, Priority.INFO, "partition.removed", "was removed");
        resolve(change, row.id());
    }

    /** The resource of a partition that does not run. */
    void resourceOff(Change change, long id, ResourceState to, String reason) {
        switchedOff(change, rows, health, id, to, reason);
    }

    static void switchedOff(
            Change change, ResourceRows rows, EnvironmentHealth health, long id, ResourceState to, String reason) {
        ResourceRow row = rows.find(change.handle(), id).orElse(null);
        if (row != null && row.state() != ResourceState.NEW && row.state() != ResourceState.MAINTENANCE) {
            rows.order(change, id, null);
            rows.move(change, rows.find(change.handle(), id).orElseThrow(), to, reason);
            EventRows.resolve(change.handle(), "resource.silent", ResourceService.lane(id));
            health.changed(change, row.resource().environmentId());
        }
    }

    static void tell(Change change, PartitionRow row, Priority priority, String type, String what) {
        change.event(
                priority,
                type,
                ResourceService.lane(row.id()),
                "Partition " + row.partition().name() + " " + what,
                row.id());
    }

    static void resolve(Change change, long id) {
        String subject = ResourceService.lane(id);
        EventRows.resolve(change.handle(), "partition.error", subject);
        EventRows.resolve(change.handle(), "partition.lost", subject);
    }
}
