package org.qrm.core.component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.plugin.ActingPlugins;

/** Puts the services that plug-ins register on whiteboards while their plug-ins may act, and takes them off. */
final class PluginServices implements ActingPlugins.Watcher, AutoCloseable {

    /** What a service has until the start goes on without it, and it is told that it is late. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What a bundle has to bring its plug-in, and an administrator to register it, until it is told that its services wait. */
    private static final Duration UNTIL_TOLD = Duration.ofSeconds(20);

    /** After so many seconds what could not be made is tried again. */
    private static final List<Integer> PAUSES = List.of(1, 2, 4, 8, 16, 32);

    private final BundleContext context;
    private final PluginCalls calls;
    private final RefusedServices refused;
    private final Runnable serverStops;
    private final List<ServiceTracker<?, ? extends Candidate<?>>> trackers = new ArrayList<>();
    private final Set<Arrival<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> thread("qrm-plugin-arrivals", task));
    private final Duration untilTold;
    private ActingPlugins acting;

    /** @param serverStops runs before the first service goes because the whole server stops, and maybe once more */
    PluginServices(BundleContext context, PluginCalls calls, RefusedServices refused, Runnable serverStops) {
        this(context, calls, refused, serverStops, UNTIL_TOLD);
    }

    PluginServices(
            BundleContext context,
            PluginCalls calls,
            RefusedServices refused,
            Runnable serverStops,
            Duration untilTold) {
        this.untilTold = untilTold;
        this.context = context;
        this.calls = calls;
        this.refused = refused;
        this.serverStops = serverStops;
    }

    /** A whiteboard of all services of that type, whoever registered them; empty until {@link #open}. */
    <T> Whiteboard<T> of(Class<T> type) {
        return track(type, null, Admission.any());
    }

    /**
     * As above, of those that say who they are, and whose plug-in stands there at least. The server's own have none, and may
     * always act.
     */
    <T> Whiteboard<T> of(Class<T> type, PluginState least, Admission<T> admission) {
        return track(type, least, admission);
    }

    private <T> Whiteboard<T> track(Class<T> type, PluginState least, Admission<T> admission) {
        Whiteboard<T> board = new Whiteboard<>(calls, admission, refused);
        trackers.add(new ServiceTracker<T, Candidate<T>>(context, type, null) {

            @Override
            public Candidate<T> addingService(ServiceReference<T> reference) {
                Candidate<T> candidate = new Candidate<>(
                        () -> least == null || mayAct(reference, least),
                        () -> new Arrival<>(this.context, reference, board, refused),
                        PluginServices.this::begin,
                        PluginServices.this::aside);
                candidate.look();
                if (candidate.waits()) {
                    later(untilTold, () -> tellThatItWaits(candidate, reference));
                }
                return candidate;
            }

            @Override
            public void modifiedService(ServiceReference<T> reference, Candidate<T> candidate) {
                candidate.changed();
            }

            @Override
            public void removedService(ServiceReference<T> reference, Candidate<T> candidate) {
                if (this.context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
                    serverStops.run();
                }
                candidate.gone();
                refused.gone(reference);
            }
        });
        return board;
    }

    private boolean mayAct(ServiceReference<?> reference, PluginState least) {
        Bundle bundle = reference.getBundle();
        return bundle != null
                && (ActingPlugins.isServers(bundle)
                        || acting.owners(reference).stream().anyMatch(id -> acting.stands(id, least)));
    }

    private void tellThatItWaits(Candidate<?> candidate, ServiceReference<?> reference) {
        if (candidate.waits()) {
            List<String> owners = acting.owners(reference);
            if (owners.stream().noneMatch(id -> acting.stands(id, PluginState.REGISTERED))) {
                refused.waits(reference, owners);
            }
        }
    }

    private void begin(Arrival<?> arrival) {
        underWay.add(arrival);
        refused.acts(arrival.reference(), acting.owners(arrival.reference()));
        aside(() -> attempt(arrival, 0));
        later(PATIENCE, () -> {
            if (underWay.remove(arrival)) {
                arrival.late(PATIENCE.toSeconds());
            }
        });
    }

    private void attempt(Arrival<?> arrival, int failed) {
        boolean isOver = true;
        try {
            isOver = arrival.run();
        } finally {
            underWay.remove(arrival);
        }
        if (!isOver && failed < PAUSES.size()) {
            later(Duration.ofSeconds(PAUSES.get(failed)), () -> aside(() -> attempt(arrival, failed + 1)));
        }
    }

    private void later(Duration time, Runnable task) {
        clock.schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void aside(Runnable task) {
        thread("qrm-plugin-arrival-" + number.incrementAndGet(), task).start();
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Returns when those that are there have said who they are, or had the time to.
     *
     * @param plugins whose services may act
     */
    void open(ActingPlugins plugins) {
        acting = plugins;
        acting.watch(this);
        trackers.forEach(ServiceTracker::open);
        settle();
    }

    @Override
    public void changed() {
        trackers.forEach(tracker -> tracker.getTracked().values().forEach(Candidate::look));
    }

    @Override
    public void settle() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!underWay.isEmpty() && System.nanoTime() < end) {
                // one that ends may have begun others
                for (Arrival<?> arrival : underWay) {
                    arrival.await(end - System.nanoTime());
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        trackers.forEach(ServiceTracker::close);
    }
}
