package org.qrm.netboot.internal;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Counter;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;

/**
 * Threads on which machines' requests enter the core, for each sort of caller its own, with a queue of its own: strangers wait for
 * strangers, and leave connections to the database to others. When the database is slow these fill up, not the HTTP server's own
 * threads, so boot loaders, the console and health checks still get answers.
 */
@Component(service = NodeCalls.class)
public class NodeCalls {

    /** Who asks. */
    enum Caller {
        /** Who has no token of a machine, or none yet: whoever registers is one. */
        STRANGER(6),
        /** Who bears the token that its boot was given. */
        MACHINE(14),
        /** The same, for a package of a plug-in, which takes its time. */
        PACKAGE(4);

        private final int threads;

        Caller(int threads) {
            this.threads = threads;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int QUEUE = 8192;
    private static final String LABEL = "caller";

    private final Map<Caller, Lane> lanes = new EnumMap<>(Caller.class);

    private record Lane(ThreadPoolExecutor threads, Counter refused) {}

    @Activate
    public NodeCalls(@Reference Metrics metrics) {
        Family<Counter> refused = metrics.counter(
                "qrm_machine_requests_turned_away_total",
                "Requests of machines for which there was no place in the queue.",
                LABEL);
        for (Caller caller : Caller.values()) {
            lanes.put(caller, new Lane(threads(caller), refused.with(caller.word())));
        }
        metrics.gauges(
                "qrm_machine_request_threads_busy",
                "Threads that carry out what machines ask, now.",
                LABEL,
                () -> each(ThreadPoolExecutor::getActiveCount));
        metrics.gauges(
                "qrm_machine_request_queue_length",
                "Requests of machines that wait for a thread.",
                LABEL,
                () -> each(threads -> threads.getQueue().size()));
    }

    private static ThreadPoolExecutor threads(Caller caller) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                caller.threads, caller.threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "qrm-netboot-" + caller.word() + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private Map<String, Integer> each(ToIntFunction<ThreadPoolExecutor> figure) {
        return lanes.entrySet().stream()
                .collect(Collectors.toMap(
                        lane -> lane.getKey().word(), lane -> figure.applyAsInt(lane.getValue().threads)));
    }

    /** @throws QrmException UNAVAILABLE when too many of that sort wait already */
    void execute(Caller caller, Runnable work) {
        if (!tryExecute(caller, work)) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "answer",
                    "",
                    "too many machines ask at once",
                    "Ask again in a few seconds."));
        }
    }

    /** Runs it, unless too much of that sort waits already. */
    boolean tryExecute(Caller caller, Runnable work) {
        Lane lane = lanes.get(caller);
        try {
            lane.threads.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            lane.refused.increment();
            return false;
        }
    }

    @Deactivate
    void stop() {
        lanes.values().forEach(lane -> lane.threads.shutdownNow());
    }
}
