package org.qrm.core.pluginfile;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each bundle that is made for QRM and cannot be resolved, or has a component that cannot be at work, by an event and by the
 * server's health: after an upgrade it may be one that was made for another version of the API, and the framework leaves such a bundle
 * where it is without a word.
 */
public final class UnresolvedBundles implements HealthCheck, AutoCloseable {

    /**
     * A bundle that is made for QRM and not at work with all that it brings.
     *
     * @param name symbolic name
     * @param title name and version, and where it came from
     * @param reason what it lacks
     */
    record Unresolved(String name, String title, String reason) {}

    static final String TYPE = "bundle.unresolved";
    /** At a start bundles arrive for a while, one after the other. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(UnresolvedBundles.class);
    private static final int PERIOD_SECONDS = 5;
    private static final String REMEDY =
            "Install a version of it that was made for this server, or what it requires; or take it away. What was"
                    + " made for the QRM before an upgrade runs there: docs/operations.md says how to go back.";

    private final Database database;
    private final Supplier<List<Unresolved>> bundles;
    private final Clock clock;
    private final long created;
    private final ScheduledExecutorService timer;
    /** Since when each is so, by subject. */
    private final Map<String, Long> since = new HashMap<>();
    /** Subjects of events that are not resolved. */
    private Set<String> open;

    private volatile List<Unresolved> lasting = List.of();

    public UnresolvedBundles(Database database, FrameworkBundles bundles, Clock clock) {
        this(database, bundles::unresolved, clock);
    }

    UnresolvedBundles(Database database, Supplier<List<Unresolved>> bundles, Clock clock) {
        this.database = database;
        this.bundles = bundles;
        this.clock = clock;
        this.created = clock.millis();
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-unresolved-bundles");
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
            LOG.warn("Could not look for bundles that are not resolved; trying again in {} s", PERIOD_SECONDS, failed);
        }
    }

    void round() {
        if (open == null) {
            // of the server that ran before
            open = new HashSet<>(database.read(handle -> EventRows.openSubjects(handle, TYPE)));
        }
        List<Unresolved> now = bundles.get();
        since.keySet().retainAll(now.stream().map(UnresolvedBundles::subject).collect(Collectors.toSet()));
        now.forEach(one -> since.putIfAbsent(subject(one), clock.millis()));
        List<Unresolved> told =
                now.stream().filter(one -> isLong(since.get(subject(one)))).toList();
        told.stream().filter(one -> !open.contains(subject(one))).forEach(this::tell);
        if (isLong(created)) {
            List.copyOf(open).stream()
                    .filter(subject -> !since.containsKey(subject))
                    .forEach(this::resolve);
        }
        lasting = told;
    }

    private static String subject(Unresolved one) {
        return "bundle/" + one.name();
    }

    private boolean isLong(long moment) {
        return clock.millis() - moment >= GRACE.toMillis();
    }

    private void tell(Unresolved one) {
        database.change((Change change) -> {
            change.event(
                    Priority.ERROR,
                    TYPE,
                    subject(one),
                    one.title() + " is not at work, or not with all that it brings: " + one.reason() + ". " + REMEDY,
                    null);
            return null;
        });
        open.add(subject(one));
    }

    private void resolve(String subject) {
        database.change(change -> {
            EventRows.resolve(change.handle(), TYPE, subject);
            return null;
        });
        open.remove(subject);
    }

    @Override
    public String name() {
        return "bundles";
    }

    @Override
    public HealthResult execute() {
        List<Unresolved> now = lasting;
        return now.isEmpty()
                ? new HealthResult(
                        HealthResult.Status.OK, "Each bundle that is made for QRM is at work with its components.")
                : new HealthResult(
                        HealthResult.Status.WARN,
                        now.stream()
                                        .map(one -> one.title() + ": " + one.reason())
                                        .collect(Collectors.joining("; ")) + ". " + REMEDY);
    }

    @Override
    public void close() {
        // no interrupt: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
    }
}
