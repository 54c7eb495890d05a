package org.qrm.byhand.internal;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeatureEvent;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.Repository;

/**
 * Karaf's service of features as far as it matters here: it copies what is required when it is asked, and stores the copy, with the
 * change, when it is its turn.
 */
final class OneKaraf {

    private final Set<String> offered;
    private final Set<String> neededByOthers = new TreeSet<>();
    private Set<String> required = new TreeSet<>();
    private int overwriting;

    KeptFeatures listener;

    /** @param offered features of its repositories, names and versions */
    OneKaraf(String... offered) {
        this.offered = new TreeSet<>(List.of(offered));
    }

    FeaturesService service() {
        return proxy(
                FeaturesService.class,
                Map.of(
                        "listRequirements", arguments -> Map.of(FeaturesService.ROOT_REGION, requirements()),
                        "listRequiredRepositories", arguments -> new Repository[0],
                        "getFeatures", arguments -> features((String) arguments[0]),
                        "getFeature", arguments -> newest((String) arguments[0]),
                        "isInstalled", arguments -> isInstalled(((Feature) arguments[0]).getId()),
                        "installFeatures",
                                arguments -> install(((Set<?>) arguments[0])
                                        .iterator()
                                        .next()
                                        .toString())));
    }

    private Set<String> requirements() {
        Set<String> all = new TreeSet<>();
        required.forEach(id -> all.add("feature:" + id.replaceFirst("/(.*)", "/[$1,$1]")));
        return all;
    }

    private Feature[] features(String id) {
        return offered.stream()
                .filter(each -> each.equals(id) || each.startsWith(id + "/"))
                .map(OneKaraf::feature)
                .toArray(Feature[]::new);
    }

    private Feature newest(String name) {
        Feature[] all = features(name);
        return all.length == 0 ? null : all[all.length - 1];
    }

    private boolean isInstalled(String id) {
        return required.contains(id) || neededByOthers.contains(id);
    }

    /** Somebody's console; or what is brought back. */
    Object install(String id) {
        if (!offered.contains(id)) {
            throw new IllegalArgumentException("No matching features for " + id);
        }
        Set<String> before = new TreeSet<>(required);
        deploy(with(before, id));
        if (overwriting > 0) {
            overwriting--;
            deploy(with(before, "a-kar/1"));
        }
        return null;
    }

    /** The next ones that are installed are overwritten by a KAR that was waiting for its turn. */
    void overwriteNext(int times) {
        overwriting = times;
    }

    void offer(String id) {
        offered.add(id);
    }

    void uninstall(String id, boolean neededByAnother) {
        required = new TreeSet<>(required);
        required.remove(id);
        if (neededByAnother) {
            neededByOthers.add(id);
        } else {
            listener.featureEvent(new FeatureEvent(
                    FeatureEvent.EventType.FeatureUninstalled, feature(id), FeaturesService.ROOT_REGION, false));
        }
        listener.deploymentEvent(DeploymentEvent.DEPLOYMENT_FINISHED);
    }

    private static Set<String> with(Set<String> all, String id) {
        Set<String> more = new TreeSet<>(all);
        more.add(id);
        return more;
    }

    private void deploy(Set<String> copy) {
        listener.deploymentEvent(DeploymentEvent.DEPLOYMENT_STARTED);
        required = copy;
        listener.deploymentEvent(DeploymentEvent.BUNDLES_INSTALLED);
        listener.deploymentEvent(DeploymentEvent.DEPLOYMENT_FINISHED);
    }

    List<String> required() {
        return new ArrayList<>(required);
    }

    private static Feature feature(String id) {
        return proxy(
                Feature.class,
                Map.of(
                        "getId", arguments -> id,
                        "getName", arguments -> RequiredFeatures.name(id),
                        "getRepositoryUrl", arguments -> "file:/elsewhere.xml"));
    }

    private interface Answer {
        Object to(Object... arguments);
    }

    private static <T> T proxy(Class<T> type, Map<String, Answer> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Answer answer = answers.get(method.getName());
                    if (answer == null) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return answer.to(arguments);
                }));
    }
}
