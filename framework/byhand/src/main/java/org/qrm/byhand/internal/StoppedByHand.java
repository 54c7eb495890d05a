package org.qrm.byhand.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles, however they came, that somebody stopped: by symbolic name, since another build has them at other addresses. A new cache
 * starts them; they are stopped again, once each. The core reads the same file, and does not start those that come from files.
 */
final class StoppedByHand implements SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(StoppedByHand.class);

    private final BundleContext context;
    private final KeptLines names;
    private final Losses losses;
    private final Executor later;
    private final Predicate<Bundle> ofFile;
    private final Set<String> owed = new HashSet<>();
    private volatile boolean allIsBack;

    /**
     * @param later for what may not be done to a bundle while it starts
     * @param ofFile those that nobody starts but who wants them
     */
    StoppedByHand(BundleContext context, KeptLines names, Losses losses, Executor later, Predicate<Bundle> ofFile) {
        this.ofFile = ofFile;
        this.context = context;
        this.names = names;
        this.losses = losses;
        this.later = later;
    }

    /** In a cache of before they are stopped already. */
    synchronized void begin() throws IOException {
        if (!Files.exists(cacheIsKnown())) {
            owed.addAll(names.lines());
        }
    }

    private Path cacheIsKnown() {
        return context.getDataFile("cache-is-known").toPath();
    }

    private static boolean isStopped(Bundle bundle) {
        BundleStartLevel start = bundle.adapt(BundleStartLevel.class);
        return start != null && !start.isPersistentlyStarted();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        String name = event.getBundle().getSymbolicName();
        if (name == null) {
            return;
        }
        try {
            switch (event.getType()) {
                case BundleEvent.STARTED -> started(event.getBundle());
                case BundleEvent.STOPPED -> stopped(event.getBundle());
                case BundleEvent.UNINSTALLED -> names.forget(name);
                default -> {
                    // it says nothing of whether it is to run
                }
            }
        } catch (IOException failed) {
            losses.add(
                    "whether " + name + " is to run",
                    failed,
                    "It is as you left it, but will not be so after an upgrade: look for room and permissions below QRM_DATA/by-hand.");
        }
    }

    private synchronized void started(Bundle bundle) throws IOException {
        String name = bundle.getSymbolicName();
        if (owed.contains(name) && !ofFile.test(bundle)) {
            later.execute(this::stopLate);
        } else {
            owed.remove(name);
            names.forget(name);
        }
    }

    /** A refresh, an update and the end of the server stop a bundle for a while only; so does a file that changes. */
    private void stopped(Bundle bundle) throws IOException {
        if (isStopped(bundle) && !Deployed.isByFile() && context.getBundle(0).getState() == Bundle.ACTIVE) {
            names.note(Set.of(bundle.getSymbolicName()));
        }
    }

    /** All that there was has been brought back. */
    void end() throws IOException {
        allIsBack = true;
        stopAgain();
        Files.write(cacheIsKnown(), new byte[0]);
    }

    /** Stops what a new cache has started. */
    private void stopAgain() {
        for (Bundle bundle : context.getBundles()) {
            if (isOwed(bundle.getSymbolicName()) && bundle.getState() != Bundle.UNINSTALLED) {
                stop(bundle);
            }
        }
    }

    /** While Karaf still installs what belongs to the archive, it would start it again. */
    private void stopLate() {
        if (allIsBack) {
            stopAgain();
        }
    }

    private synchronized boolean isOwed(String name) {
        return owed.contains(name);
    }

    private void stop(Bundle bundle) {
        String name = bundle.getSymbolicName();
        try {
            bundle.stop();
            LOG.info("{} is stopped again, as somebody left it", name);
            synchronized (this) {
                owed.remove(name);
            }
        } catch (BundleException failed) {
            losses.add("that " + name + " was stopped", failed, "Stop it again with bundle:stop.");
        }
    }
}
