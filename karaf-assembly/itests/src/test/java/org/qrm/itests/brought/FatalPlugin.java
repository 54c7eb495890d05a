package org.qrm.itests.brought;

import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;

/** A plug-in that ends the server: when it is installed, and when it is started while there is {@code QRM_DATA/fatal-start}. */
public final class FatalPlugin implements BundleActivator, Plugin {

    @Override
    public void start(BundleContext context) {
        if (Files.exists(Path.of(System.getenv("QRM_DATA"), "fatal-start"))) {
            Runtime.getRuntime().halt(4);
        }
        context.registerService(Plugin.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public String id() {
        return "fatal";
    }

    @Override
    public String description() {
        return "Ends the server";
    }

    @Override
    public void install(WorkContext work) {
        System.exit(3);
    }
}
