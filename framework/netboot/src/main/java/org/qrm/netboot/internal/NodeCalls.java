package org.qrm.netboot.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/**
 * Threads on which machines' requests enter the core. When the database is slow these fill up, not the HTTP server's own
 * threads, so boot loaders, the console and health checks still get answers.
 */
@Component(service = NodeCalls.class)
public class NodeCalls {

    private static final int THREADS = 32;
    private static final int QUEUE = 8192;

    private final ThreadPoolExecutor threads;

    @Activate
    public NodeCalls() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "qrm-netboot-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
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
            return false;
        }
    }

    @Deactivate
    void stop() {
        threads.shutdownNow();
    }
}
