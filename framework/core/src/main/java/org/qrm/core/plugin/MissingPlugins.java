package org.qrm.core.plugin;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.core.plugin.PresentPlugins.Present;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each plug-in that is registered and whose bundle is not there, whatever took it away: by an event that is resolved when it
 * comes back, and by the server's health. What a present one says of itself is written down, to be shown when it is away.
 */
public final class MissingPlugins implements HealthCheck, AutoCloseable {

    static final String TYPE = "plugin.missing";
    /** At a start bundles arrive for a while; during an update one is away for a moment. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(MissingPlugins.class);
    private static final int PERIOD_SECONDS = 5;
    private static final String REMEDY =
            "Install it again: its file (qrm plugin add-file), feature or bundle in the Karaf console; or uninstall the plug-in.";

    private final Database database;
    private final PresentPlugins present;
    private final ActingPlugins acting;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    /** Since when each is away, by this server's sight. */
    private final Map<String, Long> away = new HashMap<>();
    /** Those that this server has seen there since they were last away. */
    private final Set<String> back = new HashSet<>();

    private volatile List<String> told = List.of();

    public MissingPlugins(Database database, PresentPlugins present, ActingPlugins acting, Clock clock) {
        this.database = database;
        this.present = present;
        this.acting = acting;
        this.clock = clock;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-missing-plugins");
            thread.setDaemon(true);
            return thread;
        });
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::look, 1, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            round();
        } catch (RuntimeException failed) {
            LOG.warn("Could not look for plug-ins that are missing; trying again in {} s", PERIOD_SECONDS, failed);
        }
    }

    void round() {
        List<PluginRow> rows = database.read(PluginRows::list);
        acting.saw(rows);
        Set<String> known = new HashSet<>();
        rows.forEach(row -> {
            known.add(row.id());
            present.find(row.id()).ifPresentOrElse(now -> isThere(row, now), () -> isAway(row));
        });
        away.keySet().retainAll(known);
        back.retainAll(known);
        told = away.entrySet().stream()
                .filter(each -> isLong(each.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private void isThere(PluginRow row, Present now) {
        away.remove(row.id());
        boolean comesBack = back.add(row.id());
        if (comesBack || !PluginRows.tells(row, now)) {
            database.change(change -> {
                PluginRows.seen(change.handle(), row.id(), now);
                resolve(change, row.id());
                return null;
            });
        }
    }

    private void isAway(PluginRow row) {
        back.remove(row.id());
        long since = away.computeIfAbsent(row.id(), id -> clock.millis());
        if (isLong(since) && !told.contains(row.id())) {
            database.change(change -> {
                tell(change, row);
                return null;
            });
        }
    }

    private boolean isLong(long since) {
        return clock.millis() - since >= GRACE.toMillis();
    }

    private static void tell(Change change, PluginRow row) {
        String subject = PluginService.lane(row.id());
        if (EventRows.isOpen(change.handle(), TYPE, subject)) {
            return; // since before this server started
        }
        change.event(
                Priority.ERROR,
                TYPE,
                subject,
                "Plug-in " + row.id() + " is " + row.state().name().toLowerCase(Locale.ROOT)
                        + ", but its bundle is not there (last seen: version " + row.version()
                        + "). What it looks after stands still. " + REMEDY,
                null);
    }

    /** It is there again, or nobody wants it any more. */
    static void resolve(Change change, String id) {
        EventRows.resolve(change.handle(), TYPE, PluginService.lane(id));
    }

    /** Waits until all are there, at most so long. */
    public void awaitAll(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        List<PluginRow> registered = database.read(PluginRows::list);
        while (!notThere(registered).isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** Those that are registered and not there at this moment. */
    public List<String> now() {
        return notThere(database.read(PluginRows::list));
    }

    private List<String> notThere(List<PluginRow> registered) {
        return registered.stream()
                .map(PluginRow::id)
                .filter(id -> present.find(id).isEmpty())
                .toList();
    }

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public HealthResult execute() {
        List<String> missing = told;
        return missing.isEmpty()
                ? new HealthResult(HealthResult.Status.OK, "The bundles of all registered plug-ins are there.")
                : new HealthResult(
                        HealthResult.Status.WARN,
                        "Registered, but without a bundle: " + String.join(", ", missing) + ". " + REMEDY);
    }

    @Override
    public void close() {
        // no interrupt: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
    }
}
