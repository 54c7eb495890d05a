package org.qrm.core.pluginfile;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** What a bundle requires and nobody provides, in words. */
final class Missing {

    private static final int MOST = 5;
    private static final String API = "org.qrm.api";
    private static final Pattern PACKAGE = Pattern.compile("\\(" + PackageNamespace.PACKAGE_NAMESPACE + "=([^)]+)\\)");
    private static final Pattern AT_LEAST = Pattern.compile("(?<!!)\\(version>=([^)]+)\\)");
    private static final Pattern MORE_THAN = Pattern.compile("\\(!\\(version<=([^)]+)\\)\\)");
    private static final Pattern AT_MOST = Pattern.compile("(?<!!)\\(version<=([^)]+)\\)");
    private static final Pattern LESS_THAN = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    private Missing() {}

    /** The first few; none also when what could provide it cannot be resolved itself. */
    static List<String> of(Bundle bundle, FrameworkWiring wiring) {
        return requirements(bundle)
                .filter(Missing::counts)
                .filter(requirement -> wiring.findProviders(requirement).isEmpty())
                .map(requirement -> text(requirement, wiring))
                .limit(MOST)
                .toList();
    }

    /** Whether it is made for QRM: it imports a package of the API. */
    static boolean usesApi(Bundle bundle) {
        return requirements(bundle)
                .anyMatch(requirement ->
                        packageOf(filter(requirement)).filter(Missing::isApi).isPresent());
    }

    private static Stream<BundleRequirement> requirements(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? Stream.of() : revision.getDeclaredRequirements(null).stream();
    }

    private static boolean counts(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return !Constants.RESOLUTION_OPTIONAL.equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
                && Constants.EFFECTIVE_RESOLVE.equals(
                        directives.getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE));
    }

    private static String text(BundleRequirement requirement, FrameworkWiring wiring) {
        String filter = filter(requirement);
        return packageOf(filter)
                .map(name -> text(name, range(filter), provided(name, wiring)))
                .orElseGet(() -> requirement.getNamespace() + " " + filter + ", which nobody provides");
    }

    static String text(String name, String range, List<String> provided) {
        return name
                + (range.isEmpty() ? "" : " in version " + range)
                + (provided.isEmpty() ? ", which nobody provides" : ", and there is " + String.join(", ", provided))
                + (isApi(name) ? " (it was made for another version of QRM)" : "");
    }

    private static boolean isApi(String name) {
        return name.equals(API) || name.startsWith(API + ".");
    }

    private static Optional<String> packageOf(String filter) {
        return first(PACKAGE, filter);
    }

    /** As an import has it, from the filter that the framework makes of that; empty if any version will do. */
    static String range(String filter) {
        Optional<String> ceiling = first(LESS_THAN, filter).or(() -> first(AT_MOST, filter));
        String floor =
                first(AT_LEAST, filter).or(() -> first(MORE_THAN, filter)).orElse("0");
        if (ceiling.isEmpty()) {
            return floor.equals("0") || floor.equals("0.0.0") ? "" : floor + " or later";
        }
        return (first(MORE_THAN, filter).isPresent() ? "(" : "[") + floor + "," + ceiling.get()
                + (first(LESS_THAN, filter).isPresent() ? ")" : "]");
    }

    private static Optional<String> first(Pattern pattern, String filter) {
        Matcher matcher = pattern.matcher(filter);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String filter(BundleRequirement requirement) {
        return requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    }

    /** The versions in which somebody exports it. */
    private static List<String> provided(String name, FrameworkWiring wiring) {
        return Arrays.stream(wiring.getBundle().getBundleContext().getBundles())
                .map(bundle -> bundle.adapt(BundleRevision.class))
                .filter(revision -> revision != null)
                .flatMap(revision -> revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream())
                .map(capability -> capability.getAttributes())
                .filter(attributes -> name.equals(attributes.get(PackageNamespace.PACKAGE_NAMESPACE)))
                .map(attributes -> String.valueOf(attributes.get(Constants.VERSION_ATTRIBUTE)))
                .distinct()
                .sorted()
                .toList();
    }
}
