package org.qrm.core.pluginfile;

import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** What a bundle requires and nobody provides. */
final class Missing {

    private static final int MOST = 5;

    private Missing() {}

    /** The first few; none also when what could provide it cannot be resolved itself. */
    static List<String> of(Bundle bundle, FrameworkWiring wiring) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return List.of();
        }
        return revision.getDeclaredRequirements(null).stream()
                .filter(Missing::counts)
                .filter(requirement -> wiring.findProviders(requirement).isEmpty())
                .map(requirement -> requirement.getNamespace() + " "
                        + requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, ""))
                .limit(MOST)
                .toList();
    }

    private static boolean counts(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return !Constants.RESOLUTION_OPTIONAL.equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
                && Constants.EFFECTIVE_RESOLVE.equals(
                        directives.getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE));
    }
}
