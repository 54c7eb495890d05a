package org.qrm.metrics.internal;

import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for what is not counted, all at once. Who does not answer in time is left out, and not asked again before he has answered. */
final class Asking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS = 20;
    private static final int THREADS = 32;

    private final Set<AskedMetric> busy = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "qrm-metrics");
                thread.setDaemon(true);
                return thread;
            });

    /** Returns when all have answered, or after 2 s. */
    void ask(Collection<Metric> metrics) {
        Queue<AskedMetric> asked = new ConcurrentLinkedQueue<>();
        metrics.forEach(metric -> {
            if (metric instanceof AskedMetric some && busy.add(some)) {
                some.forget();
                asked.add(some);
            }
        });
        CountDownLatch left = new CountDownLatch(asked.size());
        try {
            // most answer from memory: one thread asks one after the other, and the next helps when that does not get
            // on
            for (int looks = 0; looks < LOOKS; looks++) {
                begin(asked, left);
                if (left.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } finally {
            busy.removeAll(asked);
            asked.clear();
        }
    }

    private void begin(Queue<AskedMetric> asked, CountDownLatch left) {
        try {
            threads.execute(() -> {
                for (AskedMetric next = asked.poll(); next != null; next = asked.poll()) {
                    ask(next);
                    left.countDown();
                }
            });
        } catch (RejectedExecutionException allBusy) {
            LOG.debug("Nobody is left to ask", allBusy);
        }
    }

    private void ask(AskedMetric metric) {
        try {
            metric.ask();
        } catch (Throwable failed) { // a plug-in's may throw anything
            LOG.debug("{} is left out", metric.name(), failed);
        } finally {
            busy.remove(metric);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
