package org.qrm.bootstrap.internal;

import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** Lets the bundles stop in order when the process is interrupted: Karaf itself does so for SIGTERM only. */
final class FrameworkEnd implements Runnable {

    private static final long PATIENCE_SECONDS = 30;

    private final Bundle systemBundle;

    FrameworkEnd(Bundle systemBundle) {
        this.systemBundle = systemBundle;
    }

    @Override
    public void run() {
        try {
            systemBundle.stop();
            ((Framework) systemBundle).waitForStop(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (BundleException | IllegalStateException e) {
            System.err.println("QRM: the framework did not stop in order: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
