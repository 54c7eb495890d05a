package org.qrm.netboot.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.karaf.features.BootFinished;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.qrm.api.Name;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.health.HealthResult.Status;
import org.qrm.api.metric.Metrics;
import org.qrm.api.plugin.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server can do its work: it has booted, its core is there, and no health check is critical. A check of
 * the server's own that throws, or takes longer than it has, counts as critical; one of a plug-in as a warning, since it
 * says of that plug-in alone; it is not asked before that plug-in is registered. Answers are a second old at most, however often it is asked.
 */
@Component(service = Readiness.class)
public class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long CHECK_SECONDS = 2;
    /** What a terminal or a reader of lines would obey. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile BootFinished bootFinished;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Plugins plugins;

    volatile List<HealthCheck> checks = List.of();

    private final Map<HealthCheck, Map<String, Object>> properties =
            Collections.synchronizedMap(new IdentityHashMap<>());

    /** Whether a check is the server's own; tests have no bundles. */
    Predicate<HealthCheck> own = Readiness::isOwn;

    /** Whether a check of a plug-in is asked; only when that is registered. */
    Predicate<HealthCheck> acts = this::acts;

    private final Core core;
    private final BooleanSupplier started;
    private final ReentrantLock evaluating = new ReentrantLock();
    private final Map<HealthCheck, Future<Named>> running = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "qrm-health");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Outcome last;

    /**
     * @param ready the verdict
     * @param results of each thing that was looked at, by name
     */
    record Outcome(boolean ready, Map<String, HealthResult> results, long evaluated) {

        /** One for each, {@code database OK}. */
        List<String> lines() {
            return lines(result -> "");
        }

        /** With what those say that are not well, {@code by-hand WARN: the feature site/1 ...}. */
        List<String> linesWithReasons() {
            return lines(result -> result.status() == Status.OK ? "" : ": " + oneLine(result.message()));
        }

        private List<String> lines(Function<HealthResult, String> reason) {
            List<String> lines = new ArrayList<>();
            results.forEach(
                    (name, result) -> lines.add(Name.printable(name) + " " + result.status() + reason.apply(result)));
            return lines;
        }
    }

    private static String oneLine(String text) {
        return text == null ? "" : CONTROLS.matcher(text).replaceAll(" ");
    }

    /** What a check found, under its name. */
    private record Named(String name, HealthResult result) {}

    @Activate
    public Readiness(BundleContext context, @Reference Core core, @Reference Metrics metrics) {
        this(core, () -> startLevel(context) >= lastStartLevel(context) && areOwnStarted(context));
        measure(metrics);
    }

    /** @param started whether each bundle was started that is to be */
    Readiness(Core core, BooleanSupplier started) {
        this.core = core;
        this.started = started;
    }

    void measure(Metrics metrics) {
        metrics.gauges(
                "qrm_health_status",
                "What each health check says: 0 when all is well, 1 for a warning, 2 when the server cannot do its work for it.",
                "check",
                () -> statuses(now()));
    }

    private static Map<String, Integer> statuses(Outcome outcome) {
        Map<String, Integer> statuses = new LinkedHashMap<>();
        outcome.results.forEach(
                (name, result) -> statuses.put(name, result.status().ordinal()));
        return statuses;
    }

    /** Felix names the last level as soon as it begins to climb to it. What plug-ins lack is told elsewhere. */
    private static boolean areOwnStarted(BundleContext context) {
        return Arrays.stream(context.getBundles())
                .filter(each -> each.getLocation().matches("mvn:org\\.qrm/org\\.qrm\\.(?!plugin\\.).*"))
                .filter(each -> each.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .filter(each -> each.adapt(BundleStartLevel.class).isPersistentlyStarted())
                .allMatch(each -> each.getState() == Bundle.ACTIVE);
    }

    private static int startLevel(BundleContext context) {
        return context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkStartLevel.class)
                .getStartLevel();
    }

    private static int lastStartLevel(BundleContext context) {
        return Integer.parseInt(context.getProperty(Constants.FRAMEWORK_BEGINNING_STARTLEVEL));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void add(HealthCheck check, Map<String, Object> of) {
        properties.put(check, of);
        List<HealthCheck> all = new ArrayList<>(checks);
        all.add(check);
        checks = all;
    }

    synchronized void remove(HealthCheck check) {
        properties.remove(check);
        checks = checks.stream().filter(other -> other != check).toList();
    }

    private boolean acts(HealthCheck check) {
        Plugins known = plugins;
        return known != null && known.acts(properties.getOrDefault(check, Map.of()));
    }

    @Deactivate
    void stop() {
        threads.shutdownNow();
    }

    /** Looks, unless somebody else just did or does. */
    Outcome now() {
        Outcome known = last;
        if (known != null && (evaluating.isLocked() || System.nanoTime() - known.evaluated < FRESH_NANOS)) {
            return known;
        }
        evaluating.lock();
        try {
            if (last == known) {
                evaluate();
            }
            return last;
        } finally {
            evaluating.unlock();
        }
    }

    /** Looks now. */
    Outcome evaluate() {
        Outcome before = last;
        Map<String, HealthResult> results = new LinkedHashMap<>();
        results.put("boot", boot());
        results.put("core", presence(core.nodesIfPresent().orElse(null), "the core is not there; see the log"));
        executeChecks().forEach((name, result) -> results.merge(name, result, Readiness::worse));
        boolean ready = results.values().stream().noneMatch(result -> result.status() == Status.CRITICAL);
        if (before == null || before.ready != ready) {
            logChange(ready, results);
        }
        logWarnings(before == null ? Map.of() : before.results, results);
        last = new Outcome(ready, Collections.unmodifiableMap(results), System.nanoTime());
        return last;
    }

    /** Karaf says that it has booted when it has installed what it needs, before it starts most of it. */
    private HealthResult boot() {
        return bootFinished != null && !started.getAsBoolean()
                ? new HealthResult(Status.CRITICAL, "bundles are being started")
                : presence(bootFinished, "features are being installed");
    }

    private static HealthResult presence(Object service, String otherwise) {
        return service == null ? new HealthResult(Status.CRITICAL, otherwise) : new HealthResult(Status.OK, "");
    }

    private Map<String, HealthResult> executeChecks() {
        List<HealthCheck> present = checks.stream()
                .filter(check -> own.test(check) || acts.test(check))
                .toList();
        running.keySet().retainAll(present);
        present.forEach(check ->
                running.computeIfAbsent(check, each -> threads.submit(() -> new Named(each.name(), each.execute()))));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHECK_SECONDS);
        Map<String, HealthResult> results = new LinkedHashMap<>();
        for (HealthCheck check : present) {
            Named named = result(check, deadline);
            // one cannot hide another by its name
            results.merge(named.name(), named.result(), Readiness::worse);
        }
        return results;
    }

    private Named result(HealthCheck check, long deadline) {
        Future<Named> future = running.get(check);
        try {
            Named named = future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            running.remove(check);
            boolean told = named.name() != null && !named.name().isBlank() && named.result() != null;
            return told ? named : broken(check, "the check has no name, or no result");
        } catch (TimeoutException e) {
            return broken(check, "the check takes longer than " + CHECK_SECONDS + " s");
        } catch (ExecutionException e) {
            running.remove(check);
            return broken(check, "the check failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return broken(check, "the check was interrupted");
        }
    }

    private static HealthResult worse(HealthResult one, HealthResult other) {
        return one.status().compareTo(other.status()) >= 0 ? one : other;
    }

    private Named broken(HealthCheck check, String why) {
        return new Named(
                check.getClass().getName(), new HealthResult(own.test(check) ? Status.CRITICAL : Status.WARN, why));
    }

    private static boolean isOwn(HealthCheck check) {
        Bundle bundle = FrameworkUtil.getBundle(check.getClass());
        String name = bundle == null ? "" : bundle.getSymbolicName();
        return name.startsWith("org.qrm.") && !name.startsWith("org.qrm.plugin.");
    }

    /** Once each, when it begins and when it is over. */
    private static void logWarnings(Map<String, HealthResult> before, Map<String, HealthResult> now) {
        now.forEach((name, result) -> {
            HealthResult known = before.get(name);
            boolean warned = known != null && known.status() == Status.WARN;
            if (result.status() == Status.WARN && !result.equals(known)) {
                LOG.warn("Health check {}: {}", Name.printable(name), oneLine(result.message()));
            } else if (result.status() == Status.OK && warned) {
                LOG.info("Health check {} is OK again", Name.printable(name));
            }
        });
    }

    private static void logChange(boolean ready, Map<String, HealthResult> results) {
        if (ready) {
            LOG.info("The server is ready");
            return;
        }
        StringBuilder why = new StringBuilder();
        results.forEach((name, result) -> {
            if (result.status() == Status.CRITICAL) {
                why.append(why.isEmpty() ? "" : "; ").append(name).append(": ").append(result.message());
            }
        });
        LOG.warn("The server is not ready: {}", why);
    }
}
