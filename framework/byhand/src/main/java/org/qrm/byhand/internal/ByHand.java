package org.qrm.byhand.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.FeaturesListener;
import org.apache.karaf.features.FeaturesService;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Karaf remembers what was installed in its console in its cache, which another build of the server, another Java or a restored backup
 * does not have. Here it is written down below {@code QRM_DATA} before the command answers, and brought back when the server has
 * started and it is not there. An activator and not a component, and below the start level of the console: nothing may be installed
 * before somebody listens.
 */
public final class ByHand implements BundleActivator {

    private static final Logger LOG = LoggerFactory.getLogger(ByHand.class);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ExecutorService work = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "qrm-by-hand");
        thread.setDaemon(true);
        return thread;
    });
    private Losses losses;
    private BundleContext context;
    private Path data;
    private KeptBundles bundles;
    private Deployed deployed;
    private ServiceTracker<FeaturesService, KeptFeatures> features;
    private StoppedByHand stopped;
    private List<Path> arriving;
    private ServiceTracker<BootFinished, BootFinished> started;

    @Override
    public void start(BundleContext opened) throws IOException {
        context = opened;
        ServerSettings settings = service(ServerSettings.class);
        data = settings.dataDirectory().toRealPath();
        losses = new Losses(settings.address());
        losses.open(context);
        deployed = new Deployed(context, data, Path.of(context.getProperty("karaf.data"), "kar"), losses);
        bundles = new KeptBundles(context, kept().resolve("bundles"), losses);
        arriving = deployed.arrivingKars();
        stopped = new StoppedByHand(context, new KeptLines(kept().resolve("stopped")), losses, work, deployed::brought);
        stopped.begin();
        context.addBundleListener(stopped);
        context.addBundleListener(deployed);
        context.addBundleListener(bundles);
        context.registerService(HealthCheck.class, losses, null);
        features = new ServiceTracker<>(context, FeaturesService.class, null) {
            @Override
            public KeptFeatures addingService(ServiceReference<FeaturesService> reference) {
                return listenTo(context.getService(reference));
            }

            @Override
            public void removedService(ServiceReference<FeaturesService> reference, KeptFeatures listener) {
                FeaturesService service = context.getService(reference);
                service.unregisterListener((FeaturesListener) listener);
                service.unregisterListener((DeploymentListener) listener);
            }
        };
        features.open();
        started = new ServiceTracker<>(context, BootFinished.class, null) {
            @Override
            public BootFinished addingService(ServiceReference<BootFinished> reference) {
                if (!settings.withoutPlugins()) {
                    work.execute(ByHand.this::bringBack);
                }
                return super.addingService(reference);
            }
        };
        started.open();
    }

    private Path kept() {
        return data.resolve("by-hand");
    }

    /** It comes some time after its bundle has started; what was asked for until then it tells. */
    private KeptFeatures listenTo(FeaturesService service) {
        try {
            Path etc = Path.of(context.getProperty("karaf.etc"));
            FromTheArchive archive = FromTheArchive.read(etc.resolve("org.apache.karaf.features.cfg"));
            KeptFeatures listener = new KeptFeatures(service, kept(), archive, deployed, losses, work);
            listener.begin();
            service.registerListener((FeaturesListener) listener);
            service.registerListener((DeploymentListener) listener);
            return listener;
        } catch (Exception failed) {
            losses.add("features", failed, "Those that are installed now are not kept: look at QRM_DATA/by-hand.");
            return null;
        }
    }

    private <T> T service(Class<T> type) {
        ServiceReference<T> reference = context.getServiceReference(type);
        if (reference == null) {
            throw new IllegalStateException(type.getName() + " is not there, though its bundle starts before");
        }
        return context.getService(reference);
    }

    private void bringBack() {
        try {
            KeptFeatures kept = features.waitForService(PATIENCE.toMillis());
            if (kept == null) {
                LOG.error(
                        "Karaf's features are not there; what was installed by hand is brought back at the next start");
                return;
            }
            deployed.removeKarsWithoutFile();
            new ArrivingKars(arriving, kar -> kept.hasAllOf(deployed.repositories(kar)), PATIENCE).await();
            bundles.bringBack();
            kept.bringBack();
            bundles.startRest();
            stopped.end();
            losses.settle();
        } catch (IllegalStateException stopping) {
            LOG.debug("The server stops", stopping);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failed) {
            LOG.error("What was installed by hand is not brought back; the next start tries again", failed);
        }
    }

    @Override
    public void stop(BundleContext closed) {
        started.close();
        work.shutdownNow();
        features.close();
        losses.close();
    }
}
