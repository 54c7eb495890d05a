package org.qrm.http.internal;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.health.HealthResult.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the checks, each with a deadline, and at most once in a second however often it is asked itself: the question
 * comes from an open port.
 */
final class Readiness implements AutoCloseable {

    /** What one check found. */
    record Verdict(String name, Status status) {}

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long DEADLINE_SECONDS = 2;
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<HealthCheck> checks;
    private final ExecutorService runner = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "qrm-health");
        thread.setDaemon(true);
        return thread;
    });
    private final LongSupplier nanoTime;
    private List<Verdict> last = List.of();
    private long lastAt;

    /** @param nanoTime as {@link System#nanoTime()} */
    Readiness(List<HealthCheck> checks, LongSupplier nanoTime) {
        this.checks = checks;
        this.nanoTime = nanoTime;
        lastAt = nanoTime.getAsLong() - FRESH_NANOS;
    }

    synchronized List<Verdict> verdicts() {
        if (nanoTime.getAsLong() - lastAt >= FRESH_NANOS) {
            last = checks.stream().map(this::ask).toList();
            lastAt = nanoTime.getAsLong();
        }
        return last;
    }

    @Override
    public void close() {
        runner.shutdownNow();
    }

    private Verdict ask(HealthCheck check) {
        Future<HealthResult> answer = runner.submit(check::execute);
        try {
            HealthResult result = answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (result.status() != Status.OK) {
                LOG.warn("Health check {}: {}, {}", check.name(), result.status(), result.message());
            }
            return new Verdict(check.name(), result.status());
        } catch (TimeoutException e) {
            answer.cancel(true);
            return failed(check, "it did not answer within " + DEADLINE_SECONDS + " s", null);
        } catch (ExecutionException e) {
            return failed(check, "it failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(check, "the question was interrupted", e);
        }
    }

    private static Verdict failed(HealthCheck check, String why, Throwable cause) {
        LOG.warn("Health check {}: {}", check.name(), why, cause);
        return new Verdict(check.name(), Status.CRITICAL);
    }
}
