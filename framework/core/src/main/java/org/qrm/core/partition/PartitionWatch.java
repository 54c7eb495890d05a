package org.qrm.core.partition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.partition.Hosts.Host;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the hosts have with what the rows say. What a host really has wins; but what ran before the host
 * restarted is started again.
 */
public final class PartitionWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWatch.class);
    private static final int PERIOD_SECONDS = 20;

    private final Database database;
    private final ResourceRows rows;
    private final OperationEngine engine;
    private final Hosts hosts;
    private final EnvironmentHealth health;
    private final ScheduledExecutorService timer;
    /** What was told of once: strangers' addresses, by host. */
    private final Map<Long, Set<String>> told = new ConcurrentHashMap<>();

    public PartitionWatch(
            Database database, ResourceRows rows, OperationEngine engine, Hosts hosts, EnvironmentHealth health) {
        this.database = database;
        this.rows = rows;
        this.engine = engine;
        this.hosts = hosts;
        this.health = health;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-partition-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::round, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        // no interrupt: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
    }

    /** Looks at every host that is up, once. */
    public void round() {
        try {
            List<Long> up = database.read(hosts::allUp);
            told.keySet().retainAll(up);
            up.forEach(this::look);
        } catch (RuntimeException failed) {
            LOG.warn("Could not look after the partitions; trying again in {} s", PERIOD_SECONDS, failed);
        }
    }

    private void look(long id) {
        Optional<Host> host = database.read(handle -> hosts.find(handle, id));
        Optional<PartitionProvider> provider = host.flatMap(it -> hosts.provider(it.plugin()));
        if (provider.isEmpty() || isWorkedOn(id)) {
            return;
        }
        try {
            Map<Long, Known> before = database.read(handle -> known(handle, id));
            List<PartitionSighting> seen = hosts.call(
                    provider.get(),
                    Hosts.ASKING,
                    null,
                    context -> provider.get().list(host.get().row().resource()));
            database.change(change -> {
                compare(change, host.get(), before, seen);
                return null;
            });
        } catch (QrmException unanswered) {
            LOG.debug("Host {} did not tell its partitions", host.get().name(), unanswered);
        }
    }

    /** What was known of a partition. */
    private record Known(PartitionRow row, ResourceState state, String boot) {}

    private Map<Long, Known> known(Handle handle, long host) {
        Map<Long, Known> all = new LinkedHashMap<>();
        for (PartitionRow row : PartitionRows.ofHost(handle, host)) {
            rows.find(handle, row.id()).ifPresent(it -> all.put(row.id(), new Known(row, it.state(), it.bootId())));
        }
        return all;
    }

    private boolean isWorkedOn(long host) {
        return database.read(handle ->
                !engine.onLane(handle, ResourceService.lane(host)).isEmpty()
                        || PartitionRows.ofHost(handle, host).stream()
                                .anyMatch(row -> !engine.onLane(handle, ResourceService.lane(row.id()))
                                        .isEmpty()));
    }

    /** What was done with a partition since the host was asked, it did not know: of that it says nothing. */
    private void compare(Change change, Host asked, Map<Long, Known> before, List<PartitionSighting> seen) {
        Optional<Host> host = hosts.find(change.handle(), asked.row().id());
        boolean same = host.isPresent()
                && host.get().isUp()
                && java.util.Objects.equals(
                        host.get().row().bootId(), asked.row().bootId())
                && engine.onLane(
                                change.handle(),
                                ResourceService.lane(asked.row().id()))
                        .isEmpty();
        if (!same) {
            return;
        }
        Map<Long, Known> now = known(change.handle(), asked.row().id());
        List<Long> again = new ArrayList<>();
        for (Known each : now.values()) {
            PartitionRow row = each.row();
            if (!each.equals(before.get(row.id()))
                    || !engine.onLane(change.handle(), ResourceService.lane(row.id()))
                            .isEmpty()) {
                continue;
            }
            PartitionState there = seen.stream()
                    .filter(it -> it.mac().equals(row.partition().mac()))
                    .map(PartitionSighting::state)
                    .findFirst()
                    .orElse(PartitionState.STOPPED);
            boolean runs = there == PartitionState.RUNNING || there == PartitionState.PAUSED;
            boolean hostRestarted =
                    !java.util.Objects.equals(row.hostBoot(), asked.row().bootId());
            if (!runs && row.wanted() && hostRestarted) {
                again.add(row.id());
            } else {
                follow(change, asked, row, there, reason(seen, row));
            }
        }
        if (!again.isEmpty()) {
            restore(change, asked, again);
        }
        Set<MacAddress> own = Stream.of(before, now)
                .flatMap(all -> all.values().stream())
                .map(each -> each.row().partition().mac())
                .collect(Collectors.toSet());
        seen.stream().filter(it -> !own.contains(it.mac())).forEach(stranger -> adopt(change, asked, stranger));
    }

    private static String reason(List<PartitionSighting> seen, PartitionRow row) {
        return seen.stream()
                .filter(it -> it.mac().equals(row.partition().mac()))
                .map(PartitionSighting::reason)
                .findFirst()
                .orElse("");
    }

    /** What its host says of it is so. */
    private void follow(Change change, Host host, PartitionRow row, PartitionState there, String why) {
        PartitionState was = row.partition().state();
        boolean settled = was == PartitionState.RUNNING
                || was == PartitionState.PAUSED
                || was == PartitionState.STOPPED
                || was == PartitionState.ERROR;
        if (!settled || was == there || was == PartitionState.ERROR && there == PartitionState.STOPPED) {
            return;
        }
        boolean ran = was == PartitionState.RUNNING || was == PartitionState.PAUSED;
        String subject = ResourceService.lane(row.id());
        String name = "Partition " + row.partition().name();
        if (there == PartitionState.RUNNING || there == PartitionState.PAUSED) {
            PartitionRows.move(change, row.id(), there, "");
            PartitionRows.want(change, row.id(), true);
            PartitionRows.startedIn(change, row.id(), host.row().bootId());
            PartitionWork.resolve(change, row.id());
            change.event(Priority.INFO, "partition.running", subject, name + " was found running", row.id());
        } else if (ran) {
            String reason = there == PartitionState.ERROR
                    ? "it crashed on its host" + (why.isEmpty() ? "" : ": " + why)
                    : "it ended on its host, and not by this server";
            PartitionRows.move(change, row.id(), there, reason);
            PartitionRows.want(change, row.id(), false);
            boolean bound = rows.find(change.handle(), row.id())
                    .filter(it -> it.resource().environmentId() != null)
                    .isPresent();
            change.event(
                    bound || there == PartitionState.ERROR ? Priority.ERROR : Priority.WARNING,
                    "partition.lost",
                    subject,
                    name + " does not run any more: " + reason + ". Start it again, or remove it",
                    row.id());
            PartitionWork.switchedOff(
                    change, rows, health, row.id(), bound ? ResourceState.ERROR : ResourceState.OFF, reason);
        }
    }

    private void restore(Change change, Host host, List<Long> partitions) {
        change.event(
                Priority.WARNING,
                "host.restarted",
                ResourceService.lane(host.row().id()),
                host.name() + " restarted: " + partitions.size() + " partitions that ran on it are started again",
                host.row().id());
        PartitionOperations.submit(
                engine,
                change,
                RestorePartitions.NAME,
                ResourceService.lane(host.row().id()),
                new PartitionWork.OfPartitions(host.row().id(), partitions));
    }

    private void adopt(Change change, Host host, PartitionSighting stranger) {
        Optional<ResourceRow> other = rows.find(change.handle(), stranger.mac());
        if (other.isPresent()) {
            boolean first = told.computeIfAbsent(host.row().id(), id -> new HashSet<>())
                    .add(stranger.mac().value());
            if (first) {
                change.event(
                        Priority.ERROR,
                        "partition.stranger",
                        ResourceService.lane(host.row().id()),
                        host.name() + " has a partition with the MAC address " + stranger.mac() + " of "
                                + other.get().resource().name() + "; remove it there",
                        host.row().id());
            }
            return;
        }
        String name = host.plugin() + "-" + stranger.mac().value().replace(":", "");
        ResourceRow row = rows.insert(
                change, stranger.mac(), name, ResourceKind.PARTITION, host.row().id(), host.plugin());
        PartitionRows.give(change, stranger.mac());
        PartitionRows.insert(change, row.id(), host.row().id(), host.plugin(), stranger.size(), stranger.state());
        boolean runs = stranger.state() == PartitionState.RUNNING || stranger.state() == PartitionState.PAUSED;
        PartitionRows.want(change, row.id(), runs);
        PartitionRows.startedIn(change, row.id(), host.row().bootId());
        change.event(
                Priority.WARNING,
                "partition.adopted",
                ResourceService.lane(row.id()),
                "Partition " + name + " was found on " + host.name() + " and is known now",
                row.id());
    }
}
