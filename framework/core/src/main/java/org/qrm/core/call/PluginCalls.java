package org.qrm.core.call;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Metrics;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.core.operation.NotedCalls;

/**
 * Calls plug-ins, whatever they do: each call has a thread of its own, and ends for the caller when its time is over,
 * somebody cancels, or the service goes. A call that does not obey its interrupt is left behind.
 */
public final class PluginCalls implements AutoCloseable {

    /** Calls left behind that are still at work: beyond that nothing is called any more. */
    static final int MOST_STUCK = 32;

    /** Of one service: beyond that it alone is not called any more. */
    static final int MOST_STUCK_OF_ONE = 8;

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Set<PluginCall<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private volatile CallFigures figures = new CallFigures(Metrics.NONE);
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);

    /**
     * Calls a service of a plug-in and waits for the end.
     *
     * @param service what is called; {@link #gone} ends the call
     * @param who the plug-in or the service, for messages: {@code plug-in xen}
     * @param limit how long it may take; the context's deadline may end it earlier
     * @param work what may end it earlier, or null when no operation calls; one that is {@link NotedCalls} is told
     * @param body the call; it is given a context that ends with the call
     * @throws QrmException as the body throws it; FAILED for what else it throws; TIMEOUT; UNAVAILABLE when the service
     *     goes, or too many calls are stuck
     * @throws CancelledException when the context says so
     */
    public <T> T call(Object service, String who, Duration limit, WorkContext work, PluginCall.Body<T> body) {
        refuseWhenStuck(service, who);
        PluginCall<T> call = new PluginCall<>(service, who, limit, work, body);
        if (!(work instanceof NotedCalls noted)) {
            return call(call);
        }
        noted.calling(who);
        try {
            return call(call);
        } finally {
            if (!call.endsTheServer()) {
                noted.called(who);
            }
        }
    }

    private <T> T call(PluginCall<T> call) {
        underWay.add(call);
        threads.execute(() -> {
            try {
                call.run();
            } finally {
                underWay.remove(call);
            }
        });
        long start = System.nanoTime();
        RuntimeException ended = null;
        try {
            return call.await(LOOK);
        } catch (RuntimeException failed) {
            ended = failed;
            throw failed;
        } finally {
            figures.add(call.service(), start, ended);
        }
    }

    /** Has calls measured from now on. */
    public void measure(Metrics metrics) {
        figures = new CallFigures(metrics);
        metrics.gauge(
                "qrm_plugin_calls_left_behind",
                "Calls of plug-ins that are over for who made them, and have not returned.",
                () -> underWay.stream().filter(PluginCall::leftBehind).count());
    }

    /** As above, of a body that needs no context. */
    public <T> T call(Object service, String who, Duration limit, WorkContext work, Callable<T> body) {
        return call(service, who, limit, work, context -> body.call());
    }

    /** The service was unregistered: ends its calls. */
    public void gone(Object service) {
        underWay.stream().filter(call -> call.of(service)).forEach(PluginCall::serviceGone);
    }

    /** Ends all calls. */
    @Override
    public void close() {
        threads.shutdownNow();
        underWay.forEach(PluginCall::serviceGone);
    }

    /** How many calls of a service are over for who made them, and still at work. */
    public long leftBehind(Object service) {
        return underWay.stream()
                .filter(PluginCall::leftBehind)
                .filter(call -> call.of(service))
                .count();
    }

    private void refuseWhenStuck(Object service, String who) {
        long stuck = underWay.stream().filter(PluginCall::leftBehind).count();
        long ofThisOne = leftBehind(service);
        if (stuck >= MOST_STUCK || ofThisOne >= MOST_STUCK_OF_ONE) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "call",
                    who,
                    ofThisOne >= MOST_STUCK_OF_ONE
                            ? ofThisOne + " earlier calls of it have not returned"
                            : stuck + " earlier calls of plug-ins have not returned",
                    "Look for the stuck threads qrm-plugin-call-… (a thread dump names them), and update or remove that"
                            + " plug-in."));
        }
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "qrm-plugin-call-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
