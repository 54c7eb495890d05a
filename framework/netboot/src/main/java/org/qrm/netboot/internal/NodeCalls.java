package org.qrm.netboot.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Counter;
import org.qrm.api.metric.Metrics;

/**
 * Threads on which machines' requests enter the core. When the database is slow these fill up, not the HTTP server's own
 * threads, so boot loaders, the console and health checks still get answers.
 */
@Component(service = NodeCalls.class)
public class NodeCalls {

    private static final int THREADS = 32;
    private static final int QUEUE = 8192;

    private final ThreadPoolExecutor threads;
    private final Counter refused;

    @Activate
    public NodeCalls(@Reference Metrics metrics) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "qrm-netboot-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        metrics.gauge(
                "qrm_machine_request_threads_busy",
                "Threads that carry out what machines ask, now.",
                threads::getActiveCount);
        metrics.gauge(
                "qrm_machine_request_queue_length",
                "Requests of machines that wait for a thread.",
                () -> threads.getQueue().size());
        refused = metrics.counter(
                        "qrm_machine_requests_turned_away_total",
                        "Requests of machines for which there was no place in the queue.")
                .with();
    }

    /** @throws QrmException UNAVAILABLE when too many wait already */
    void execute(Runnable work) {
        if (!tryExecute(work)) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "answer",
                    "",
                    "too many machines ask at once",
                    "Ask again in a few seconds."));
        }
    }

    /** Runs it, unless too much waits already. */
    boolean tryExecute(Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            refused.increment();
            return false;
        }
    }

    @Deactivate
    void stop() {
        threads.shutdownNow();
    }
}
