package org.qrm.core.component;

import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;

/** Puts the services that plug-ins register on whiteboards, and takes them off. */
final class PluginServices implements AutoCloseable {

    private final BundleContext context;
    private final PluginCalls calls;
    private final Runnable serverStops;
    private final List<ServiceTracker<?, ?>> trackers = new ArrayList<>();

    /** @param serverStops runs before the first service goes because the whole server stops, and maybe once more */
    PluginServices(BundleContext context, PluginCalls calls, Runnable serverStops) {
        this.context = context;
        this.calls = calls;
        this.serverStops = serverStops;
    }

    /** A whiteboard of all services of that type, empty until {@link #open}. */
    <T> Whiteboard<T> of(Class<T> type) {
        Whiteboard<T> board = new Whiteboard<>(calls);
        trackers.add(new ServiceTracker<T, T>(context, type, null) {

            @Override
            public T addingService(ServiceReference<T> reference) {
                T service = super.addingService(reference);
                if (service != null) {
                    board.arrived(service, ranking(reference));
                }
                return service;
            }

            @Override
            public void modifiedService(ServiceReference<T> reference, T service) {
                board.ranked(service, ranking(reference));
            }

            @Override
            public void removedService(ServiceReference<T> reference, T service) {
                if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
                    serverStops.run();
                }
                board.left(service);
                super.removedService(reference, service);
            }
        });
        return board;
    }

    private static int ranking(ServiceReference<?> reference) {
        return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    void open() {
        trackers.forEach(ServiceTracker::open);
    }

    @Override
    public void close() {
        trackers.forEach(ServiceTracker::close);
    }
}
