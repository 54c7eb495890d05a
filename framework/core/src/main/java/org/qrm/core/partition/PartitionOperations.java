package org.qrm.core.partition;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.call.Patience;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;

/** What is done to partitions: each step tells the host by its plug-in what the rows say, and may be repeated. */
public final class PartitionOperations {

    static final String CREATE = "partition.create";
    static final String CHANGE = "partition.change";
    /** Starts again what ran on a host before the host restarted. */
    static final String RESTORE = "partition.restore";

    /** For one thing done on a host; to create a virtual machine takes a minute on a slow one. */
    private static final Duration DOING = Duration.ofMinutes(10);

    private static final Duration DOING_MANY = Duration.ofHours(2);
    private static final Set<ResourceState> NOT_BACK =
            Set.of(ResourceState.NEW, ResourceState.OFF, ResourceState.ERROR, ResourceState.BOOTING);

    private final ResourceRows rows;
    private final Hosts hosts;
    private final EnvironmentHealth health;
    private final Limits limits;
    private final Patience patience = new Patience(Clock.systemUTC());

    private PartitionOperations(ResourceRows rows, Hosts hosts, EnvironmentHealth health, Limits limits) {
        this.rows = rows;
        this.hosts = hosts;
        this.health = health;
        this.limits = limits;
    }

    /** Makes the engine know them. */
    public static void addTo(
            OperationEngine engine, ResourceRows rows, Hosts hosts, EnvironmentHealth health, Limits limits) {
        PartitionOperations all = new PartitionOperations(rows, hosts, health, limits);
        Step awaitReturn = new Step("await-return", limits.boot(), all::awaitReturn);
        engine.add(new Kind(CREATE, all::undoCreate, new Step("start", DOING_MANY, all::startEach), awaitReturn));
        engine.add(new Kind(RESTORE, all::leave, new Step("start", DOING_MANY, all::restoreEach)));
        engine.add(new Kind(
                kindOf(PartitionAction.START), all::leave, new Step("start", DOING, all::startEach), awaitReturn));
        engine.add(new Kind(kindOf(PartitionAction.STOP), all::leave, new Step("stop", DOING, all::stop)));
        engine.add(new Kind(
                kindOf(PartitionAction.RESTART),
                all::leave,
                new Step("stop", DOING, all::stop),
                new Step("start", DOING, all::startEach),
                awaitReturn));
        engine.add(new Kind(
                kindOf(PartitionAction.PAUSE), all::leave, new Step("pause", DOING, work -> all.pause(work, true))));
        engine.add(new Kind(
                kindOf(PartitionAction.RESUME), all::leave, new Step("resume", DOING, work -> all.pause(work, false))));
        engine.add(new Kind(kindOf(PartitionAction.REMOVE), all::leave, new Step("remove", DOING, all::remove)));
        engine.add(new Kind(CHANGE, all::leave, new Step("change", DOING, all::change)));
    }

    /** {@code partition.start}. */
    static String kindOf(PartitionAction action) {
        return "partition." + action.name().toLowerCase(Locale.ROOT);
    }

    /** Asks for an operation on partitions of a host; nothing else happens to them and the host meanwhile. */
    static long submit(
            OperationEngine engine,
            Change change,
            String kind,
            String subject,
            long host,
            List<Long> partitions,
            Map<String, String> more) {
        Map<String, String> parameters = new HashMap<>(more);
        parameters.put("host", String.valueOf(host));
        parameters.put("partitions", PartitionService.text(partitions));
        List<String> lanes = new ArrayList<>(List.of(ResourceService.lane(host)));
        partitions.forEach(id -> lanes.add(ResourceService.lane(id)));
        return engine.submit(change, kind, subject, parameters, lanes);
    }

    private record Kind(String name, Undo reverse, List<Step> steps) implements OperationKind {

        Kind(String name, Undo reverse, Step... steps) {
            this(name, reverse, List.of(steps));
        }

        @Override
        public void undo(Work work, Problem why) {
            reverse.undo(work, why);
        }
    }

    private interface Undo {
        void undo(Work work, Problem why);
    }

    private interface OnHost {
        Outcome with(PartitionProvider provider, Hosts.Host host);
    }

    private interface Call {
        void on(PartitionProvider provider, Resource host, Partition partition, WorkContext context);
    }

    // ---- steps

    private Outcome startEach(Work work) {
        return onHost(work, (provider, host) -> {
            List<PartitionRow> all = partitions(work);
            for (int i = 0; i < all.size(); i++) {
                work.progress(
                        (double) i / all.size(),
                        "starting " + all.get(i).partition().name());
                start(work, provider, host, all.get(i));
            }
            return Outcome.DONE;
        });
    }

    private void start(Work work, PartitionProvider provider, Hosts.Host host, PartitionRow row) {
        PartitionState now = row.partition().state();
        if (now != PartitionState.RUNNING) {
            work.change(change -> {
                PartitionRows.move(change, row.id(), PartitionState.CREATING, "");
                return null;
            });
        }
        call(work, provider, host, row, PartitionProvider::start);
        work.change(change -> {
            PartitionRows.move(change, row.id(), PartitionState.RUNNING, "");
            PartitionRows.want(change, row.id(), true);
            PartitionRows.startedIn(change, row.id(), host.row().bootId());
            tell(change, row, Priority.INFO, "partition.running", "runs on " + host.name());
            resolve(change, row.id());
            return null;
        });
    }

    /** One that cannot be started does not keep the others off. */
    private Outcome restoreEach(Work work) {
        return onHost(work, (provider, host) -> {
            for (PartitionRow row : partitions(work)) {
                try {
                    start(work, provider, host, row);
                } catch (CancelledException ended) {
                    throw ended;
                } catch (QrmException failed) {
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
                        tell(
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

    /** Until each has registered, and runs what it is bound to. */
    private Outcome awaitReturn(Work work) {
        List<PartitionRow> all = partitions(work);
        if (all.isEmpty()) {
            throw QrmException.failed(
                    "start partition", hostName(work), "it was removed meanwhile", "Create it again.", null);
        }
        long back = all.stream()
                .flatMap(row -> work.read(handle -> rows.find(handle, row.id())).stream())
                .filter(row -> !NOT_BACK.contains(row.state()))
                .count();
        work.progress((double) back / all.size(), back + " of " + all.size() + " are back");
        return back == all.size() ? Outcome.DONE : Outcome.WAIT;
    }

    private Outcome stop(Work work) {
        return onHost(work, (provider, host) -> {
            boolean force = Boolean.parseBoolean(work.parameters().get("force"));
            for (PartitionRow row : partitions(work)) {
                work.change(change -> {
                    PartitionRows.want(change, row.id(), false);
                    return null;
                });
                call(work, provider, host, row, (it, on, partition, context) -> it.stop(on, partition, force, context));
                work.change(change -> {
                    PartitionRows.move(change, row.id(), PartitionState.STOPPED, "");
                    resourceOff(change, row.id(), ResourceState.OFF, "");
                    tell(change, row, Priority.INFO, "partition.stopped", "is stopped");
                    resolve(change, row.id());
                    return null;
                });
            }
            return Outcome.DONE;
        });
    }

    private Outcome pause(Work work, boolean pause) {
        return onHost(work, (provider, host) -> {
            for (PartitionRow row : partitions(work)) {
                call(
                        work,
                        provider,
                        host,
                        row,
                        (it, on, partition, context) -> it.pause(on, partition, pause, context));
                work.change(change -> {
                    PartitionRows.move(change, row.id(), pause ? PartitionState.PAUSED : PartitionState.RUNNING, "");
                    tell(
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

    private Outcome change(Work work) {
        return onHost(work, (provider, host) -> {
            Map<String, String> wanted = work.parameters();
            PartitionSize size = size(wanted);
            for (PartitionRow row : partitions(work)) {
                Partition now = row.partition();
                Partition changed = new Partition(
                        now.id(),
                        now.name(),
                        now.mac(),
                        now.hostId(),
                        now.plugin(),
                        size,
                        wanted.get("pinnedCpus"),
                        now.state(),
                        now.reason());
                call(
                        work,
                        provider,
                        host,
                        new PartitionRow(changed, row.wanted(), row.hostBoot()),
                        PartitionProvider::change);
                work.change(change -> {
                    PartitionRows.resize(change, row.id(), size, changed.pinnedCpus());
                    rows.setSize(change, row.id(), size.cpus(), mhz(size, host), size.memoryMb());
                    tell(change, row, Priority.INFO, "partition.changed", "has another size");
                    return null;
                });
            }
            return Outcome.DONE;
        });
    }

    /** The size that a change is asked for. */
    static PartitionSize size(Map<String, String> wanted) {
        return new PartitionSize(
                Integer.parseInt(wanted.get("cpus")),
                Integer.parseInt(wanted.get("cpuMhz")),
                Long.parseLong(wanted.get("memoryMb")));
    }

    private static int mhz(PartitionSize size, Hosts.Host host) {
        return size.cpuMhz() > 0
                ? size.cpuMhz()
                : host.row().resource().hardware().cpuMhz();
    }

    private Outcome remove(Work work) {
        List<PartitionRow> all = partitions(work);
        boolean hostIsGone =
                work.read(handle -> hosts.find(handle, hostId(work))).isEmpty();
        if (hostIsGone) {
            return work.complete(change -> all.forEach(row -> forget(change, row)));
        }
        return onHost(work, (provider, host) -> {
            for (PartitionRow row : all) {
                work.change(change -> {
                    checkFree(change, row);
                    PartitionRows.want(change, row.id(), false);
                    PartitionRows.move(change, row.id(), PartitionState.REMOVING, "");
                    return null;
                });
                call(work, provider, host, row, PartitionProvider::remove);
                work.change(change -> {
                    forget(change, row);
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

    private void forget(Change change, PartitionRow row) {
        PartitionRows.delete(change, row.id());
        rows.delete(change, row.id());
        tell(change, row, Priority.INFO, "partition.removed", "was removed");
        resolve(change, row.id());
    }

    // ---- after a failure

    /** What was made is taken away, unless something runs there already. */
    private void undoCreate(Work work, Problem why) {
        List<PartitionRow> left = partitions(work).stream()
                .filter(row -> work.read(handle -> rows.find(handle, row.id()))
                        .filter(resource -> resource.resource().environmentId() == null)
                        .isPresent())
                .toList();
        Optional<Hosts.Host> host = work.read(handle -> hosts.find(handle, hostId(work)));
        List<String> kept = new ArrayList<>();
        for (PartitionRow row : left) {
            try {
                if (host.isPresent()) {
                    PartitionProvider provider =
                            hosts.require("undo", host.get().plugin());
                    call(work, provider, host.get(), row, PartitionProvider::remove);
                }
                work.change(change -> {
                    forget(change, row);
                    return null;
                });
            } catch (CancelledException ended) {
                throw ended;
            } catch (QrmException failed) {
                kept.add(row.partition().name() + ": " + failed.problem().reason());
                leave(work, failed.problem());
            }
        }
        if (!kept.isEmpty()) {
            throw QrmException.failed(
                    "take away partitions that were being created",
                    hostName(work),
                    String.join("; ", kept),
                    "Remove them when the host answers again.",
                    null);
        }
    }

    /** What is half done stays so, and says why. */
    private void leave(Work work, Problem why) {
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

    // ---- in common

    private Outcome onHost(Work work, OnHost body) {
        Hosts.Host host = work.read(handle -> hosts.up(handle, "work on partitions", hostId(work)));
        Optional<PartitionProvider> provider = hosts.provider(host.plugin());
        if (provider.isEmpty()) {
            return patience.rest(work, Hosts.missing("work on partitions of " + host.name(), host.plugin()));
        }
        patience.over(work);
        return body.with(provider.get(), host);
    }

    private void call(Work work, PartitionProvider provider, Hosts.Host host, PartitionRow row, Call call) {
        work.checkpoint();
        work.assertHeld();
        hosts.call(provider, DOING, work, context -> {
            call.on(provider, host.row().resource(), row.partition(), context);
            return null;
        });
    }

    /** The resource of a partition that does not run. */
    private void resourceOff(Change change, long id, ResourceState to, String reason) {
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

    private static List<PartitionRow> partitions(Work work) {
        return work.read(handle -> ofWork(handle, work));
    }

    private static List<PartitionRow> ofWork(org.jdbi.v3.core.Handle handle, Work work) {
        return Stream.of(work.parameters().get("partitions").split(","))
                .filter(id -> !id.isEmpty())
                .map(Long::valueOf)
                .flatMap(id -> PartitionRows.find(handle, id).stream())
                .toList();
    }

    private static long hostId(Work work) {
        return Long.parseLong(work.parameters().get("host"));
    }

    private String hostName(Work work) {
        return work.read(handle -> rows.find(handle, hostId(work)))
                .map(row -> row.resource().name())
                .orElse(work.parameters().get("host"));
    }

    private static void tell(Change change, PartitionRow row, Priority priority, String type, String what) {
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
