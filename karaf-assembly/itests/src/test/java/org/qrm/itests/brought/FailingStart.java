package org.qrm.itests.brought;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle that does not start. */
public final class FailingStart implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no licence for it");
    }

    @Override
    public void stop(BundleContext context) {}
}
