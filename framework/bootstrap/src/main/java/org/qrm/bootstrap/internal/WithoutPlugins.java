package org.qrm.bootstrap.internal;

import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps plug-ins out of a run: their bundles are put on start levels that the framework never reaches, so that no code of
 * theirs runs, whatever installs or starts them. The next run without this puts them back. It has to be done so: Karaf resolves bundles
 * before anything of the server is started, and a bundle that it cannot start fails its own start.
 */
final class WithoutPlugins implements SynchronousBundleListener {

    /** What is added to a start level; the framework goes to 100. */
    static final int OUT_OF_REACH = 1000;

    private static final String API = "org.qrm.api";
    /** The server's bundles: org.qrm.core, but not org.qrm.plugin.xen. */
    private static final Pattern OWN = Pattern.compile("org\\.qrm\\.[a-z]+");

    /** Keeps out those that are there, and those that come. */
    static void begin(BundleContext context) {
        context.addBundleListener(new WithoutPlugins());
        for (Bundle bundle : context.getBundles()) {
            keepOut(bundle);
        }
    }

    /** Puts back those that an earlier run kept out. */
    static void end(BundleContext context) {
        for (Bundle bundle : context.getBundles()) {
            BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
            if (level.getStartLevel() > OUT_OF_REACH) {
                level.setStartLevel(level.getStartLevel() - OUT_OF_REACH);
            }
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UPDATED) {
            keepOut(event.getBundle());
        }
    }

    private static void keepOut(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        if (isPlugin(bundle.adapt(BundleRevision.class)) && level.getStartLevel() <= OUT_OF_REACH) {
            level.setStartLevel(level.getStartLevel() + OUT_OF_REACH);
        }
    }

    /** Whoever uses the API, and is no part of the server. */
    static boolean isPlugin(BundleRevision revision) {
        boolean own = OWN.matcher(String.valueOf(revision.getSymbolicName())).matches();
        return !own && revision.getDeclaredRequirements(null).stream().anyMatch(WithoutPlugins::isOfApi);
    }

    private static boolean isOfApi(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault("filter", "");
        return switch (requirement.getNamespace()) {
            case PackageNamespace.PACKAGE_NAMESPACE, BundleNamespace.BUNDLE_NAMESPACE ->
                filter.contains("(" + requirement.getNamespace() + "=" + API);
            default -> false;
        };
    }
}
