package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * Lets the bundles stop in order when the process is interrupted, which Karaf itself does for SIGTERM only, and leaves a mark
 * when they have: what the JVM does after that, keeping its classes for the next start, may be cut off without harm.
 */
final class FrameworkEnd implements Runnable {

    private static final long PATIENCE_SECONDS = 30;

    private final Bundle systemBundle;
    private final Path mark;

    /** @param mark file that is made when all is stopped */
    FrameworkEnd(Bundle systemBundle, Path mark) {
        this.systemBundle = systemBundle;
        this.mark = mark;
    }

    @Override
    public void run() {
        try {
            systemBundle.stop();
            FrameworkEvent end = ((Framework) systemBundle).waitForStop(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            if (end.getType() == FrameworkEvent.STOPPED) {
                Files.write(mark, new byte[0]);
            }
        } catch (IOException unmarked) {
            System.err.println("QRM: " + unmarked);
        } catch (BundleException | IllegalStateException e) {
            System.err.println("QRM: the framework did not stop in order: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
