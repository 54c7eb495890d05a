package org.qrm.core.component;

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
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;

/** Puts the services that plug-ins register on whiteboards, and takes them off. */
final class PluginServices implements AutoCloseable {

    /** What a service has until the start goes on without it, and it is told that it is late. */
    private static final long PATIENCE_SECONDS = 10;

    private final BundleContext context;
    private final PluginCalls calls;
    private final RefusedServices refused;
    private final Runnable serverStops;
    private final List<ServiceTracker<?, ?>> trackers = new ArrayList<>();
    private final Set<Arrival<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> thread("qrm-plugin-arrivals", task));

    /** @param serverStops runs before the first service goes because the whole server stops, and maybe once more */
    PluginServices(BundleContext context, PluginCalls calls, RefusedServices refused, Runnable serverStops) {
        this.context = context;
        this.calls = calls;
        this.refused = refused;
        this.serverStops = serverStops;
    }

    /** A whiteboard of all services of that type, empty until {@link #open}. */
    <T> Whiteboard<T> of(Class<T> type) {
        return of(type, Admission.any());
    }

    /** As above, of those that say who they are. */
    <T> Whiteboard<T> of(Class<T> type, Admission<T> admission) {
        Whiteboard<T> board = new Whiteboard<>(calls, admission, refused);
        trackers.add(new ServiceTracker<T, Arrival<T>>(context, type, null) {

            @Override
            public Arrival<T> addingService(ServiceReference<T> reference) {
                Arrival<T> arrival = new Arrival<>(this.context, reference, board, refused);
                begin(arrival);
                return arrival;
            }

            @Override
            public void modifiedService(ServiceReference<T> reference, Arrival<T> arrival) {
                arrival.changed();
            }

            @Override
            public void removedService(ServiceReference<T> reference, Arrival<T> arrival) {
                if (this.context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
                    serverStops.run();
                }
                arrival.withdraw();
            }
        });
        return board;
    }

    private void begin(Arrival<?> arrival) {
        underWay.add(arrival);
        thread("qrm-plugin-arrival-" + number.incrementAndGet(), () -> {
                    try {
                        arrival.run();
                    } finally {
                        underWay.remove(arrival);
                    }
                })
                .start();
        clock.schedule(
                () -> {
                    if (underWay.contains(arrival)) {
                        arrival.late(PATIENCE_SECONDS);
                    }
                },
                PATIENCE_SECONDS,
                TimeUnit.SECONDS);
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns when those that are there have said who they are, or had the time to. */
    void open() {
        trackers.forEach(ServiceTracker::open);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            for (Arrival<?> arrival : underWay) {
                arrival.await(end - System.nanoTime());
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
