package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * The bundles of the folder {@code deploy}. The framework must not start them by itself, as it does with one that somebody started in the
 * console: one that blocks would keep it from starting what comes after. The core starts them.
 */
final class FromFiles {

    private FromFiles() {}

    /** Before the framework has come to their start level. */
    static void holdBack(BundleContext context, Path deploy) throws IOException {
        String folder = "file:" + deploy.toRealPath().toUri().getRawPath();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getLocation().startsWith(folder)
                    && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                try {
                    // it does not run yet: this is only forgotten
                    bundle.stop();
                } catch (BundleException failed) {
                    throw new IOException("cannot hold back " + bundle.getLocation(), failed);
                }
            }
        }
    }
}
