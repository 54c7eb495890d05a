package org.qrm.byhand.internal;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeatureEvent;
import org.apache.karaf.features.FeaturesListener;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.Repository;
import org.apache.karaf.features.RepositoryEvent;

/**
 * Features and repositories that somebody asked for, beside those that come with the archive or from the folder {@code deploy}: by name
 * and version, so that a newer archive's feature takes the place of an older one's. Karaf calls the listeners after it has stored the
 * request and before the command answers. A repository is kept as a copy, too, because its file may be gone.
 */
final class KeptFeatures implements FeaturesListener, DeploymentListener {

    private static final EnumSet<FeaturesService.Option> WITHOUT_RESTARTS =
            EnumSet.of(FeaturesService.Option.NoAutoRefreshBundles);
    private static final String REQUIREMENT = "feature:";

    private final FeaturesService service;
    private final FromTheArchive archive;
    private final Deployed deployed;
    private final Losses losses;
    private final Path file;
    private final RepositoryCopies copies;
    private final KeptLines features;
    private final KeptLines repositories;

    KeptFeatures(FeaturesService service, Path folder, FromTheArchive archive, Deployed deployed, Losses losses) {
        this.service = service;
        this.archive = archive;
        this.deployed = deployed;
        this.losses = losses;
        this.file = folder.resolve("features");
        this.copies = new RepositoryCopies(folder.resolve("repositories"));
        this.features = new KeptLines(file);
        this.repositories = new KeptLines(folder.resolve("repository-addresses"));
    }

    void begin() throws Exception {
        repositories.begin(repositoriesThere());
        features.begin(featuresThere());
    }

    @Override
    public void featureEvent(FeatureEvent event) {
        // a deployment's end tells of all that it has changed
    }

    @Override
    public void deploymentEvent(DeploymentEvent event) {
        if (event != DeploymentEvent.DEPLOYMENT_STARTED) {
            note("the feature that was installed or uninstalled just now");
        }
    }

    @Override
    public void repositoryEvent(RepositoryEvent event) {
        if (event.isReplay()) {
            return;
        }
        URI address = event.getRepository().getURI();
        if (event.getType() == RepositoryEvent.EventType.RepositoryAdded) {
            deployed.repositoryAdded(address);
        } else {
            deployed.repositoryRemoved(address);
        }
        note("the repository " + address);
    }

    private void note(String what) {
        try {
            Set<String> addresses = repositoriesThere();
            for (String address : addresses) {
                copies.keep(address);
                for (Feature feature :
                        service.getRepository(URI.create(address)).getFeatures()) {
                    if (service.isInstalled(feature)) {
                        copies.keepBundles(feature);
                    }
                }
            }
            repositories.note(addresses);
            features.note(featuresThere());
            addresses.addAll(repositories.owed());
            copies.keepOnly(addresses);
        } catch (Exception failed) {
            losses.add(
                    what,
                    failed,
                    "It is at work, but will not outlast an upgrade: look for room and permissions below QRM_DATA/by-hand.");
        }
    }

    private Set<String> repositoriesThere() throws Exception {
        Set<String> there = new TreeSet<>();
        for (Repository repository : service.listRequiredRepositories()) {
            String address = repository.getURI().toString();
            if (!archive.repositories().contains(address) && !deployed.brings(repository.getURI())) {
                there.add(address);
            }
        }
        return there;
    }

    private Set<String> featuresThere() throws Exception {
        Set<String> there = new TreeSet<>();
        for (String requirement : service.listRequirements().getOrDefault(FeaturesService.ROOT_REGION, Set.of())) {
            String id = id(requirement);
            String name = id.split("/", 2)[0];
            if (requirement.startsWith(REQUIREMENT) && !archive.features().contains(name) && !isDeployed(id)) {
                there.add(id);
            }
        }
        return there;
    }

    /** {@code feature:name/[1.0.0,1.0.0]}, to {@code name/1.0.0}. */
    static String id(String requirement) {
        return requirement.replaceFirst("^" + REQUIREMENT, "").replaceFirst("/\\[([^,]+),.*", "/$1");
    }

    private boolean isDeployed(String id) throws Exception {
        for (Feature feature : service.getFeatures(id)) {
            String repository = feature.getRepositoryUrl();
            if (repository != null && deployed.brings(URI.create(repository))) {
                return true;
            }
        }
        return false;
    }

    void bringBack() {
        repositories.owed().forEach(this::bringRepositoryBack);
        features.owed().forEach(this::bringFeatureBack);
    }

    private void bringRepositoryBack(String address) {
        try {
            service.addRepository(URI.create(copies.working(address)), false);
            repositories.paid(address);
            losses.over("the repository " + address);
            note("the repository " + address);
        } catch (Exception failed) {
            losses.add(
                    "the repository " + address,
                    failed,
                    "Add it again with feature:repo-add, or take its line out of QRM_DATA/by-hand/repository-addresses.");
        }
    }

    private void bringFeatureBack(String id) {
        try {
            service.installFeatures(Set.of(available(id)), FeaturesService.ROOT_REGION, WITHOUT_RESTARTS);
            features.paid(id);
            losses.over("the feature " + id);
            note("the feature " + id);
        } catch (Exception failed) {
            losses.add(
                    "the feature " + id,
                    failed,
                    "Install it again with feature:install when that is mended, or take its line out of " + file + ".");
        }
    }

    /** The same one; or, after an upgrade, the newest of that name. */
    private String available(String id) throws Exception {
        String name = id.split("/", 2)[0];
        List<Feature> all = Arrays.asList(service.getFeatures(name));
        if (all.isEmpty()) {
            throw new IllegalStateException("no repository has a feature of that name");
        }
        return all.stream().anyMatch(feature -> feature.getId().equals(id))
                ? id
                : service.getFeature(name).getId();
    }
}
