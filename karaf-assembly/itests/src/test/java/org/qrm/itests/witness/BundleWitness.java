package org.qrm.itests.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Writes down which bundles come, start, stop and go: their names, a line each, in {@code QRM_DATA/bundle-events}. */
public final class BundleWitness implements BundleActivator, SynchronousBundleListener {

    private static final Path EVENTS = Path.of(System.getenv("QRM_DATA"), "bundle-events");

    private Bundle self;

    @Override
    public void start(BundleContext context) throws IOException {
        self = context.getBundle();
        Files.writeString(EVENTS, "");
        context.addBundleListener(this);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getBundle().equals(self)) {
            return;
        }
        try {
            Files.writeString(EVENTS, event.getBundle().getSymbolicName() + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
