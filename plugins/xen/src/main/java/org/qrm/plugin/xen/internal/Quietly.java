package org.qrm.plugin.xen.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes back what is half done: a failure of that must not hide why. */
final class Quietly {

    private static final Logger LOG = LoggerFactory.getLogger(Quietly.class);

    private Quietly() {}

    static void run(Runnable undo) {
        boolean interrupted = Thread.interrupted(); // the embedded database closes connections of interrupted threads
        try {
            undo.run();
        } catch (RuntimeException failed) {
            LOG.warn("Could not take back what was begun; uninstalling the plug-in takes it away", failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
