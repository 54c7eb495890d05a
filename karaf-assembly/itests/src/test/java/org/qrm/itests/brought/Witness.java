package org.qrm.itests.brought;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Puts down in {@code QRM_DATA/witness} which bundles start, stop, or are updated, one line each. */
public final class Witness implements BundleActivator, SynchronousBundleListener {

    private static final Path SEEN = Path.of(System.getenv("QRM_DATA"), "witness");

    @Override
    public void start(BundleContext context) {
        context.addBundleListener(this);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public void bundleChanged(BundleEvent event) {
        String what = switch (event.getType()) {
            case BundleEvent.STARTED -> "started";
            case BundleEvent.STOPPED -> "stopped";
            case BundleEvent.UPDATED -> "updated";
            default -> "";
        };
        if (!what.isEmpty()) {
            putDown(what + " " + event.getBundle().getSymbolicName() + "\n");
        }
    }

    private static void putDown(String line) {
        try {
            Files.writeString(SEEN, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
