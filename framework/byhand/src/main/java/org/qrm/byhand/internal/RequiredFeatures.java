package org.qrm.byhand.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.karaf.features.FeaturesService;

/**
 * What Karaf is asked to have installed. Karaf copies its list before it waits for its turn, so that of two installations at once the
 * later one overwrites what the earlier one has added. Whoever asked was told that it is installed, so it has to be installed again.
 */
final class RequiredFeatures {

    static final int TRIES = 5;

    private static final String REQUIREMENT = "feature:";

    private final FeaturesService service;
    private final Map<String, Integer> overwritten = new HashMap<>();
    private Set<String> seen = Set.of();

    RequiredFeatures(FeaturesService service) {
        this.service = service;
    }

    /** Names and versions. */
    Set<String> now() {
        Set<String> ids = new TreeSet<>();
        for (String requirement : service.listRequirements().getOrDefault(FeaturesService.ROOT_REGION, Set.of())) {
            if (requirement.startsWith(REQUIREMENT)) {
                ids.add(id(requirement));
            }
        }
        return ids;
    }

    /** {@code feature:name/[1.0.0,1.0.0]}, to {@code name/1.0.0}. */
    static String id(String requirement) {
        return requirement.replaceFirst("^" + REQUIREMENT, "").replaceFirst("/\\[([^,]+),.*", "/$1");
    }

    static String name(String id) {
        return id.split("/", 2)[0];
    }

    /** In the middle of a deployment, when what goes has not been told of. */
    synchronized void arriving() {
        Set<String> more = now();
        more.addAll(seen);
        seen = more;
    }

    /** Karaf said that a feature of that name is uninstalled. */
    synchronized void uninstalled(String name) {
        Set<String> now = now();
        Set<String> left = new TreeSet<>(seen);
        left.removeIf(id -> name(id).equals(name) && !now.contains(id));
        seen = left;
    }

    /** At the end of a deployment: what was there before and is not now, though nobody uninstalled it. */
    synchronized List<String> vanished() {
        Set<String> now = now();
        List<String> vanished = seen.stream().filter(id -> !now.contains(id)).toList();
        seen = now;
        return vanished;
    }

    /** Which time this is; 0 when it is enough. */
    synchronized int again(String id) {
        int time = overwritten.merge(id, 1, Integer::sum);
        return time > TRIES ? 0 : time;
    }
}
