package org.qrm.metrics.internal;

import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for what is not counted, all at once. Who does not answer in time is left out, and not asked again before he has answered. So many
 * of one bundle are waited for and no more, so that it takes nobody else's time.
 */
final class Asking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS = 20;
    private static final int THREADS = 64;
    private static final int SHARE = 2;

    private final Set<AskedMetric> busy = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "qrm-metrics");
                thread.setDaemon(true);
                return thread;
            });

    /** That of one bundle: how many of its metrics are asked at the same time. */
    static Semaphore share() {
        return new Semaphore(SHARE);
    }

    /** Returns when all have answered, or after 2 s. */
    void ask(Collection<Metric> metrics) {
        Queue<AskedMetric> asked = new ConcurrentLinkedQueue<>();
        metrics.forEach(metric -> {
            if (metric instanceof AskedMetric some && !busy.contains(some)) {
                some.forget();
                if (some.share().availablePermits() > 0 && busy.add(some)) {
                    asked.add(some);
                }
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
                for (AskedMetric next = next(asked); next != null; next = next(asked)) {
                    ask(next);
                    left.countDown();
                }
            });
        } catch (RejectedExecutionException allBusy) {
            LOG.debug("Nobody is left to ask", allBusy);
        }
    }

    /** The first whose bundle has something left of its share; that is taken. */
    private static AskedMetric next(Queue<AskedMetric> asked) {
        for (AskedMetric metric : asked) {
            if (metric.share().tryAcquire()) {
                if (asked.remove(metric)) {
                    return metric;
                }
                metric.share().release();
            }
        }
        return null;
    }

    private void ask(AskedMetric metric) {
        try {
            metric.ask();
        } catch (Throwable failed) { // a plug-in's may throw anything
            LOG.debug("{} is left out", metric.name(), failed);
        } finally {
            metric.share().release();
            busy.remove(metric);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
