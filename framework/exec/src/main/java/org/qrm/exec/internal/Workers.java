package org.qrm.exec.internal;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Threads that carry streams, and a clock for time limits. */
final class Workers implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(daemon("qrm-exec-stream"));
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(daemon("qrm-exec-clock"));

    /** Runs it on a thread of its own, which is named so meanwhile. */
    Future<?> start(String name, Runnable work) {
        return threads.submit(() -> {
            Thread.currentThread().setName("qrm-exec-" + name);
            work.run();
        });
    }

    Future<?> after(Duration delay, Runnable work) {
        return clock.schedule(() -> start("limit", work), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    void every(Duration period, Runnable work) {
        clock.scheduleWithFixedDelay(work, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
    }

    private static ThreadFactory daemon(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
