package org.qrm.core.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.qrm.api.event.Priority;
import org.qrm.api.metric.Metrics;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.admission.Newcomers;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.environment.Healer;
import org.qrm.core.operation.Pauses;
import org.qrm.core.partition.PartitionRows;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down when machines were last heard of, and makes those an error that should be heard of and are not. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final int PERIOD_SECONDS = 5;
    private static final int CHUNK = 500;
    private static final int MINUTE = 60 / PERIOD_SECONDS;

    private final Database database;
    private final ResourceRows rows;
    private final NodeService nodes;
    private final EnvironmentHealth health;
    private final Newcomers newcomers;
    private final Incumbents incumbents;
    private final Healer healer;
    private final Refusals refusals;
    private final Supplier<List<String>> missingPlugins;
    private final Limits limits;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    /** Machines that were switched on and have not registered, and since when that was seen. */
    private final Map<Long, Long> awaited = new HashMap<>();

    private final Pauses pauses;
    private volatile NodeFigures figures = new NodeFigures(Metrics.NONE);
    private int rounds;

    Watch(
            Database database,
            ResourceRows rows,
            NodeService nodes,
            EnvironmentHealth health,
            Newcomers newcomers,
            Incumbents incumbents,
            Healer healer,
            Refusals refusals,
            Supplier<List<String>> missingPlugins,
            Limits limits,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.nodes = nodes;
        this.health = health;
        this.newcomers = newcomers;
        this.incumbents = incumbents;
        this.healer = healer;
        this.refusals = refusals;
        this.missingPlugins = missingPlugins;
        this.limits = limits;
        this.clock = clock;
        this.pauses = new Pauses(Duration.ofSeconds(3L * PERIOD_SECONDS), System::nanoTime, clock::millis);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    void measure(NodeFigures measured) {
        figures = measured;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::round, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        // no interrupt: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
    }

    void round() {
        try {
            noticePause();
            writeLastSeen();
            findSilent();
            findMissing();
            incumbents.tell();
            if (++rounds % MINUTE == 0) {
                refusals.flush();
                forgetTokens();
                newcomers.forgetOld();
            }
            healer.look(incumbents.hearsSince());
        } catch (RuntimeException failed) {
            LOG.warn("Could not look after the machines; trying again in {} s", PERIOD_SECONDS, failed);
            if (Database.wasLost(failed)) {
                // what they report is refused then
                incumbents.heardNobodyUntilNow();
            }
        }
    }

    /** A process that was stopped, or had no processor, heard nobody: that is no silence of the machines. */
    private void noticePause() {
        pauses.look().ifPresent(pause -> {
            incumbents.heardNobodyUntilNow();
            figures.paused(pause);
            LOG.warn("{}; no machine counts as silent for that", pause.told());
        });
    }

    private void writeLastSeen() {
        List<Map.Entry<Long, NodeSession>> seen = new ArrayList<>();
        nodes.sessions().entrySet().stream()
                .filter(entry -> entry.getValue().takeUnwritten())
                .sorted(Map.Entry.comparingByKey())
                .forEach(seen::add);
        for (int from = 0; from < seen.size(); from += CHUNK) {
            write(seen.subList(from, Math.min(seen.size(), from + CHUNK)));
        }
    }

    private void write(List<Map.Entry<Long, NodeSession>> seen) {
        List<ResourceRows.Heard> heard = seen.stream()
                .map(entry -> new ResourceRows.Heard(
                        entry.getKey(),
                        entry.getValue().lastSeen(),
                        entry.getValue().load()))
                .toList();
        database.change(change -> {
            rows.heard(change, heard);
            return null;
        });
    }

    private void findSilent() {
        long now = clock.millis();
        silent(now - limits.silence().toMillis(), "'IDLE', 'ASSIGNED', 'ACTIVE'");
        silent(now - limits.boot().toMillis(), "'BOOTING', 'RELEASING'");
    }

    private void silent(long before, String states) {
        if (before < incumbents.hearsSince()) {
            return; // nobody could be heard while the server was away
        }
        database.read(handle -> handle.createQuery("select id from resource where state in (" + states
                                + ") and last_seen < :before and not " + ResourceRow.NOT_BOOTED
                                + " order by id fetch first 1000 rows only")
                        .bind("before", before)
                        .mapTo(Long.class)
                        .list())
                .forEach(id -> lost(id, before));
    }

    /** One that was off was not heard of for good reason: what it is switched on for has it boot in a time that begins anew. */
    private void findMissing() {
        long now = clock.millis();
        List<Long> waiting = database.read(
                handle -> handle.createQuery("select id from resource where state in ('BOOTING', 'RELEASING') and "
                                + ResourceRow.NOT_BOOTED + " order by id fetch first 1000 rows only")
                        .mapTo(Long.class)
                        .list());
        awaited.keySet().retainAll(waiting);
        waiting.forEach(id -> awaited.putIfAbsent(id, now));
        awaited.forEach((id, since) -> {
            if (Math.max(since, incumbents.hearsSince()) + limits.boot().toMillis() < now) {
                missing(id, since);
            }
        });
    }

    private void lost(long id, long before) {
        giveUp(
                id,
                row -> !row.hasNotBooted() && row.resource().lastSeen().toEpochMilli() < before,
                row -> row.resource().lastSeen());
    }

    private void missing(long id, long since) {
        giveUp(id, ResourceRow::hasNotBooted, row -> Instant.ofEpochMilli(since));
    }

    /** Gives up a machine that is silent, if it still is. */
    private void giveUp(long id, Predicate<ResourceRow> silent, Function<ResourceRow, Instant> since) {
        List<String> missing = missingPlugins.get();
        database.change(change -> {
            ResourceRow row = rows.find(change.handle(), id).orElse(null);
            boolean still = row != null
                    && silent.test(row)
                    && row.instruction() == null
                    && row.state() != ResourceState.ERROR
                    && !PartitionRows.isSilentByIntent(change.handle(), id);
            if (still) {
                String partitionOf = PartitionRows.plugin(change.handle(), id).orElse("");
                Silence silence = Silence.of(since.apply(row), partitionOf, missing);
                rows.move(change, row, ResourceState.ERROR, silence.reason());
                change.event(
                        Priority.ERROR,
                        "resource.silent",
                        ResourceService.lane(id),
                        row.resource().name() + " has not been heard of since " + since.apply(row) + "; "
                                + silence.remedy(),
                        id);
                health.changed(change, row.resource().environmentId());
                change.afterCommit(figures::silent);
            }
            return null;
        });
    }

    private void forgetTokens() {
        long before = clock.millis() - 2 * BootTokens.GOOD_FOR.toMillis();
        database.change(change -> change.handle().execute("delete from boot_token_use where used < ?", before));
    }
}
