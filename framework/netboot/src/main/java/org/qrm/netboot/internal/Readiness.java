package org.qrm.netboot.internal;

import java.util.ArrayList;
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
import org.apache.karaf.features.BootFinished;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server can do its work: it has booted, its core is there, and no health check is critical. A check that
 * throws, or takes longer than it has, counts as critical. Answers are a second old at most, however often it is asked.
 */
@Component(service = Readiness.class)
public class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long CHECK_SECONDS = 2;
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile BootFinished bootFinished;

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile List<HealthCheck> checks = List.of();

    private final Core core;
    private final ReentrantLock evaluating = new ReentrantLock();
    private final Map<HealthCheck, Future<HealthResult>> running = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "qrm-health");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Outcome last;

    /**
     * @param ready the verdict
     * @param lines one for each thing that was looked at, {@code database OK}
     */
    record Outcome(boolean ready, List<String> lines, long evaluated) {}

    @Activate
    public Readiness(@Reference Core core) {
        this.core = core;
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
                last = evaluate(known);
            }
            return last;
        } finally {
            evaluating.unlock();
        }
    }

    private Outcome evaluate(Outcome before) {
        Map<String, HealthResult> results = new LinkedHashMap<>();
        results.put("boot", presence(bootFinished, "features are being installed"));
        results.put("core", presence(core.nodesIfPresent().orElse(null), "the core is not there; see the log"));
        results.putAll(executeChecks());
        boolean ready = results.values().stream().noneMatch(result -> result.status() == Status.CRITICAL);
        if (before == null || before.ready != ready) {
            logChange(ready, results);
        }
        List<String> lines = new ArrayList<>();
        results.forEach((name, result) -> lines.add(Name.printable(name) + " " + result.status()));
        return new Outcome(ready, lines, System.nanoTime());
    }

    private static HealthResult presence(Object service, String otherwise) {
        return service == null ? new HealthResult(Status.CRITICAL, otherwise) : new HealthResult(Status.OK, "");
    }

    private Map<String, HealthResult> executeChecks() {
        List<HealthCheck> present = List.copyOf(checks);
        running.keySet().retainAll(present);
        present.forEach(check -> running.computeIfAbsent(check, each -> threads.submit(each::execute)));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHECK_SECONDS);
        Map<String, HealthResult> results = new LinkedHashMap<>();
        for (HealthCheck check : present) {
            results.put(nameOf(check), result(check, deadline));
        }
        return results;
    }

    private HealthResult result(HealthCheck check, long deadline) {
        Future<HealthResult> future = running.get(check);
        try {
            HealthResult result = future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            running.remove(check);
            return result != null ? result : new HealthResult(Status.CRITICAL, "the check has no result");
        } catch (TimeoutException e) {
            return new HealthResult(Status.CRITICAL, "the check takes longer than " + CHECK_SECONDS + " s");
        } catch (ExecutionException e) {
            running.remove(check);
            return new HealthResult(Status.CRITICAL, "the check failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new HealthResult(Status.CRITICAL, "the check was interrupted");
        }
    }

    private static String nameOf(HealthCheck check) {
        try {
            return String.valueOf(check.name());
        } catch (RuntimeException e) {
            return check.getClass().getName();
        }
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
