package org.qrm.byhand.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.karaf.kar.KarService;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the folder {@code deploy} the one truth when the Karaf console takes away what came from there, or brings a KAR. The file of
 * a bundle or KAR that was uninstalled is moved aside: the next start does not bring it back, and whoever wants it again puts it back. A KAR whose file has gone while the server was down is uninstalled.
 */
final class Deployed implements SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(Deployed.class);
    private static final List<String> KARS = List.of(".kar", ".zip");
    /** Those who do what the files say: File Install for KARs, and the core for jars. */
    private static final List<String> BY_FILES = List.of("fileinstall-", "qrm-plugin-files-");

    private final BundleContext context;
    private final Path deploy;
    private final Path aside;
    private final Path arriving;
    private final Path kars;
    private final Losses losses;

    /** @param kars where Karaf unpacks them, a folder each */
    Deployed(BundleContext context, Path data, Path kars, Losses losses) {
        this.context = context;
        this.deploy = data.resolve("deploy");
        this.aside = data.resolve("deploy-uninstalled");
        this.arriving = data.resolve("deploy-arriving");
        this.kars = kars;
        this.losses = losses;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.UNINSTALLED && !isByFile()) {
            fileOf(event.getBundle().getLocation()).ifPresent(this::moveAside);
        }
    }

    /** What the file itself says is done by a thread that is named so; a KAR is uninstalled, too, to update it. */
    static boolean isByFile() {
        String thread = Thread.currentThread().getName();
        return BY_FILES.stream().anyMatch(thread::startsWith);
    }

    /** Whether the bundle is that of a file of the folder. */
    boolean brought(Bundle bundle) {
        return fileOf(bundle.getLocation()).isPresent();
    }

    private Optional<Path> fileOf(String location) {
        if (!location.startsWith("file:/")) {
            return Optional.empty();
        }
        try {
            Path file = Path.of(URI.create(location));
            return deploy.equals(file.getParent()) && Files.exists(file) ? Optional.of(file) : Optional.empty();
        } catch (IllegalArgumentException noFile) {
            return Optional.empty();
        }
    }

    private void moveAside(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
            DurableFile.move(file, aside.resolve(file.getFileName()));
            LOG.info("{} was uninstalled by hand; its file is in {} now", file.getFileName(), aside);
        } catch (IOException failed) {
            losses.add(
                    "the file " + file.getFileName(),
                    failed,
                    "What it brought is uninstalled, and comes back at the next start unless you take the file away.");
        }
    }

    /** Whether a repository of features is part of a KAR, or is a file in the folder. */
    boolean brings(URI repository) {
        return repository.toString().startsWith("file:" + deploy)
                || kar(repository).isPresent();
    }

    /** The name of the KAR that has it. */
    private Optional<String> kar(URI repository) {
        return installedKars().stream()
                .filter(name -> repositories(name).contains(repository.toString()))
                .findFirst();
    }

    private List<String> installedKars() {
        if (!Files.isDirectory(kars)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(kars)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Those of KARs that a new cache does not have. */
    List<Path> arrivingKars() {
        return ArrivingKars.notUnpacked(deploy, kars);
    }

    /** Empty when it is not unpacked. */
    List<String> repositories(String kar) {
        try {
            return Files.readAllLines(kars.resolve(kar).resolve("features.cfg"));
        } catch (IOException none) {
            return List.of();
        }
    }

    private Optional<Path> karFile(String name) {
        return KARS.stream()
                .map(end -> deploy.resolve(name + end))
                .filter(Files::exists)
                .findFirst();
    }

    void repositoryRemoved(URI repository) {
        if (!isByFile()) {
            kar(repository).flatMap(this::karFile).ifPresent(this::moveAside);
        }
    }

    /** One that came by {@code kar:install} is packed again, into the folder. */
    void repositoryAdded(URI repository) {
        if (!isByFile()) {
            kar(repository).filter(name -> karFile(name).isEmpty()).ifPresent(this::pack);
        }
    }

    private void pack(String name) {
        Path unpacked = kars.resolve(name);
        try {
            Files.createDirectories(arriving);
            Path part = Files.createTempFile(arriving, "", ".kar");
            try (OutputStream out = Files.newOutputStream(part);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Path file : files(unpacked)) {
                    zip.putNextEntry(new ZipEntry("repository/" + unpacked.relativize(file)));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
            DurableFile.move(part, deploy.resolve(name + ".kar"));
        } catch (IOException failed) {
            losses.add("the KAR " + name, failed, "Put its file into QRM_DATA/deploy, so that it outlasts an upgrade.");
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(folder.resolve("features.cfg")))
                    .sorted()
                    .toList();
        }
    }

    void removeKarsWithoutFile() {
        ServiceReference<KarService> reference = context.getServiceReference(KarService.class);
        List<String> gone = new ArrayList<>(installedKars());
        gone.removeIf(name -> repositories(name).isEmpty() || karFile(name).isPresent());
        if (reference == null || gone.isEmpty()) {
            return;
        }
        KarService service = context.getService(reference);
        for (String name : gone) {
            try {
                service.uninstall(name, true);
                LOG.info("The KAR {} is uninstalled, because its file has gone from {}", name, deploy);
            } catch (Exception failed) {
                losses.add("the KAR " + name, failed, "Its file is gone, but it is still there: use kar:uninstall.");
            }
        }
    }
}
