package org.qrm.core.component;

import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.qrm.api.metric.Metrics;
import org.qrm.api.server.ServerSettings;
import org.qrm.core.store.DatabaseRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the core on a thread of its own, as often as it takes: a database server that is down when this server starts
 * may come later. A database that it must not or can not use ends the server at once. Stops it before the plug-ins when the whole server stops, so that operations are not failed by plug-ins
 * that go, but go on at the next start.
 */
@Component(service = {})
public final class CoreComponent {

    private static final Logger LOG = LoggerFactory.getLogger(CoreComponent.class);

    /** As qrm-server has it: starting again changes nothing. */
    private static final int EXIT_CONFIGURATION = 6;

    private static final long AGAIN_MILLIS = 5_000;
    private static final long STOP_MILLIS = 60_000;

    private final BundleContext context;
    private final ServerSettings settings;
    private final ConfigurationAdmin configurations;
    private final ServiceComponentRuntime components;
    private final Metrics metrics;
    private final DatabaseHealth health = new DatabaseHealth();
    private final SynchronousBundleListener serverEnd = this::whenServerStops;
    private final Thread starter = new Thread(this::startUntilItWorks, "qrm-core-start");
    private final Object change = new Object();
    private boolean stopped;
    private Core core;

    @Activate
    public CoreComponent(
            BundleContext context,
            @Reference ServerSettings settings,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components,
            @Reference Metrics metrics) {
        this.metrics = metrics;
        this.context = context;
        this.components = components;
        this.settings = settings;
        this.configurations = configurations;
        context.addBundleListener(serverEnd);
        context.registerService(org.qrm.api.health.HealthCheck.class, health, null);
        starter.start();
    }

    private void startUntilItWorks() {
        String before = "";
        while (!isStopped()) {
            try {
                start();
                return;
            } catch (DatabaseRefused refused) {
                LOG.error("The core can not start", refused);
                endServer(refused.getMessage());
                return;
            } catch (RuntimeException failed) {
                health.failed(failed);
                String reason = String.valueOf(failed.getMessage());
                if (!reason.equals(before)) {
                    LOG.error("The core does not start; trying again every {} s", AGAIN_MILLIS / 1000, failed);
                }
                before = reason;
                pause();
            }
        }
    }

    /** On a thread of its own: the end of the server waits for this one. */
    private static void endServer(String reason) {
        System.err.println("QRM cannot start: " + reason);
        System.err.flush();
        new Thread(() -> System.exit(EXIT_CONFIGURATION), "qrm-end").start();
    }

    private void start() {
        Core started = new Core(context, settings, configurations, components, metrics);
        synchronized (change) {
            if (!stopped) {
                core = started;
                health.works(started.database());
                core.open();
                return;
            }
        }
        started.close();
    }

    private void pause() {
        synchronized (change) {
            try {
                if (!stopped) {
                    change.wait(AGAIN_MILLIS);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                stopped = true;
            }
        }
    }

    private boolean isStopped() {
        synchronized (change) {
            return stopped;
        }
    }

    private void whenServerStops(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
            stop();
        }
    }

    @Deactivate
    void stop() {
        Core running;
        synchronized (change) {
            stopped = true;
            change.notifyAll();
            running = core;
            core = null;
        }
        if (running != null) {
            running.close();
        }
        waitForStarter();
    }

    private void waitForStarter() {
        try {
            starter.join(STOP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
