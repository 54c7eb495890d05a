package org.qrm.itests.brought;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.qrm.api.plugin.Plugin;

/** A plug-in that does nothing. Its bundle is installed into the server under test from a file. */
public final class BroughtPlugin implements BundleActivator, Plugin {

    @Override
    public void start(BundleContext context) {
        context.registerService(Plugin.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public String id() {
        return "brought";
    }

    @Override
    public String description() {
        return "Comes from a file";
    }
}
