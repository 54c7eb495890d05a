package org.qrm.byhand.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeatureEvent;
import org.apache.karaf.features.FeaturesListener;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.Repository;
import org.apache.karaf.features.RepositoryEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Features and repositories that somebody asked for, beside those that come with the archive or from the folder {@code deploy}: by name
 * and version, so that a newer archive's feature takes the place of an older one's. Karaf calls the listeners after it has stored the
 * request and before the command answers. A repository is kept as a copy, too, because its file may be gone.
 */
final class KeptFeatures implements FeaturesListener, DeploymentListener {

    private static final Logger LOG = LoggerFactory.getLogger(KeptFeatures.class);
    private static final EnumSet<FeaturesService.Option> WITHOUT_RESTARTS =
            EnumSet.of(FeaturesService.Option.NoAutoRefreshBundles);

    private final FeaturesService service;
    private final FromTheArchive archive;
    private final Deployed deployed;
    private final Losses losses;
    private final Executor later;
    private final Path file;
    private final RepositoryCopies copies;
    private final KeptLines features;
    private final KeptLines repositories;
    private final RequiredFeatures required;

    /** @param later for what Karaf's thread may not wait for */
    KeptFeatures(
            FeaturesService service,
            Path folder,
            FromTheArchive archive,
            Deployed deployed,
            Losses losses,
            Executor later) {
        this.service = service;
        this.archive = archive;
        this.deployed = deployed;
        this.losses = losses;
        this.later = later;
        this.file = folder.resolve("features");
        this.copies = new RepositoryCopies(folder.resolve("repositories"));
        this.features = new KeptLines(file);
        this.repositories = new KeptLines(folder.resolve("repository-addresses"));
        this.required = new RequiredFeatures(service);
    }

    void begin() throws Exception {
        repositories.note(repositoriesThere());
        features.note(featuresThere());
        required.arriving();
    }

    /** Before the end of the deployment that it is part of. */
    @Override
    public void featureEvent(FeatureEvent event) {
        if (event.getType() != FeatureEvent.EventType.FeatureUninstalled
                || event.isReplay()
                || !FeaturesService.ROOT_REGION.equals(event.getRegion())) {
            return;
        }
        String name = event.getFeature().getName();
        required.uninstalled(name);
        try {
            Set<String> now = required.now();
            for (String id : features.lines()) {
                if (RequiredFeatures.name(id).equals(name) && !now.contains(id)) {
                    forget(id);
                }
            }
        } catch (IOException failed) {
            losses.add(
                    "the feature " + event.getFeature().getId(),
                    failed,
                    "It is uninstalled, but comes back at the next start unless you take its line out of " + file
                            + ".");
        }
    }

    private void forget(String id) throws IOException {
        features.forget(id);
        losses.over("the feature " + id);
    }

    @Override
    public void deploymentEvent(DeploymentEvent event) {
        if (event == DeploymentEvent.DEPLOYMENT_FINISHED) {
            required.vanished().forEach(this::vanished);
        } else if (event != DeploymentEvent.DEPLOYMENT_STARTED) {
            required.arriving();
        }
        if (event != DeploymentEvent.DEPLOYMENT_STARTED) {
            note("the feature that was installed or uninstalled just now");
        }
    }

    private void vanished(String id) {
        try {
            if (isInstalled(id)) {
                forget(id); // somebody uninstalled it, and another feature needs it still
            } else {
                later.execute(() -> bringFeatureBack(id));
            }
        } catch (Exception failed) {
            LOG.warn("Cannot tell whether {} is installed", id, failed);
        }
    }

    private boolean isInstalled(String id) throws Exception {
        return Arrays.stream(service.getFeatures(id)).anyMatch(service::isInstalled);
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
            repositoryGone(address.toString());
        }
        note("the repository " + address);
    }

    private void repositoryGone(String address) {
        try {
            repositories.forget(address);
            losses.over("the repository " + address);
        } catch (IOException failed) {
            losses.add(
                    "the repository " + address,
                    failed,
                    "It is removed, but comes back at the next start unless you take its line out of QRM_DATA/by-hand/repository-addresses.");
        }
    }

    private synchronized void note(String what) {
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
            copies.keepOnly(repositories.lines());
            required.now().forEach(id -> losses.over("the feature " + id));
            losses.over(what);
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
        for (String id : required.now()) {
            if (!archive.features().contains(RequiredFeatures.name(id)) && !isDeployed(id)) {
                there.add(id);
            }
        }
        return there;
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

    /** Whether all that a KAR installs of them is installed. */
    boolean hasAllOf(List<String> addresses) {
        try {
            Set<String> now = names(required.now());
            for (String address : addresses) {
                Repository repository = service.getRepository(URI.create(address));
                if (repository == null
                        || !Arrays.stream(repository.getFeatures())
                                .filter(feature -> feature.getInstall() == null || "auto".equals(feature.getInstall()))
                                .allMatch(feature -> now.contains(feature.getName()))) {
                    return false;
                }
            }
            return !addresses.isEmpty();
        } catch (Exception notYet) {
            LOG.debug("Not there: {}", addresses, notYet);
            return false;
        }
    }

    void bringBack() {
        try {
            List<String> addresses = repositories.lines();
            Set<String> there = repositoriesThere();
            addresses.stream().filter(line -> !there.contains(line)).forEach(this::bringRepositoryBack);
            features.lines().forEach(this::bringFeatureBack);
        } catch (Exception failed) {
            losses.add("features", failed, "Look at QRM_DATA/by-hand; the next start tries again.");
        }
    }

    private void bringRepositoryBack(String address) {
        String what = "the repository " + address;
        try {
            String working = copies.working(address);
            service.addRepository(URI.create(working), false);
            if (!working.equals(address)) {
                repositories.note(Set.of(working));
                repositories.forget(address);
            }
            losses.over(what);
            note(what);
        } catch (Exception failed) {
            losses.add(
                    what,
                    failed,
                    "Add it again with feature:repo-add, or take its line out of QRM_DATA/by-hand/repository-addresses.");
        }
    }

    private void bringFeatureBack(String id) {
        try {
            while (!required.now().contains(id) && !install(id)) {
                LOG.debug("Karaf has {} no more", id);
            }
            losses.over("the feature " + id);
        } catch (Exception failed) {
            losses.add(
                    "the feature " + id,
                    failed,
                    "Install it again with feature:install when that is mended, or take its line out of " + file + ".");
        }
    }

    /** Whether Karaf has it afterwards. */
    private boolean install(String id) throws Exception {
        int time = required.again(id);
        if (time == 0) {
            throw new IllegalStateException("Karaf forgot it " + RequiredFeatures.TRIES
                    + " times, because something else was installed at the same time");
        }
        String available = available(id);
        LOG.info(
                "Installing {}, which somebody asked for and Karaf does not have (time {} of {})",
                available,
                time,
                RequiredFeatures.TRIES);
        service.installFeatures(Set.of(available), FeaturesService.ROOT_REGION, WITHOUT_RESTARTS);
        Set<String> now = required.now();
        if (!now.contains(id) && (available.equals(id) || !names(now).contains(RequiredFeatures.name(id)))) {
            return false;
        }
        note("the feature " + available);
        if (!available.equals(id)) {
            forget(id);
        }
        return true;
    }

    private static Set<String> names(Set<String> ids) {
        return ids.stream().map(RequiredFeatures::name).collect(Collectors.toSet());
    }

    /** The same one; or, after an upgrade, the newest of that name. */
    private String available(String id) throws Exception {
        if (service.getFeatures(id).length > 0) {
            return id;
        }
        Feature newest = service.getFeature(RequiredFeatures.name(id));
        if (newest == null) {
            throw new IllegalStateException("no repository has a feature of that name");
        }
        return newest.getId();
    }
}
