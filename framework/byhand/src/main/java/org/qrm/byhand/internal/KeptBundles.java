package org.qrm.byhand.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles that came by {@code bundle:install}, each as a copy with where it came from, whether it is to run, and its start level. The
 * framework calls the listener on the command's thread, before the command answers.
 */
final class KeptBundles implements SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(KeptBundles.class);

    /** Who installs for somebody who asks in the console, or by JMX. */
    private static final String CONSOLE = "org.apache.karaf.bundle.core";

    /** After which nothing of it is lost. */
    private static final Set<Integer> OVER = Set.of(BundleEvent.STARTED, BundleEvent.UPDATED, BundleEvent.UNINSTALLED);

    private final BundleContext context;
    private final Path folder;
    private final Losses losses;
    private final List<KeptBundle> waiting = new ArrayList<>();

    KeptBundles(BundleContext context, Path folder, Losses losses) {
        this.context = context;
        this.folder = folder;
        this.losses = losses;
    }

    @Override
    public synchronized void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        try {
            if (event.getType() == BundleEvent.INSTALLED) {
                if (CONSOLE.equals(event.getOrigin().getSymbolicName())) {
                    keep(bundle);
                }
            } else if (Files.exists(note(bundle.getLocation()))) {
                changed(event.getType(), bundle);
            }
            if (OVER.contains(event.getType())) {
                losses.over("the bundle " + bundle.getLocation());
            }
        } catch (IOException | UncheckedIOException failed) {
            losses.add(
                    "the bundle " + bundle.getLocation(),
                    failed,
                    "It is as you left it, but will not be so after an upgrade: look for room and permissions below QRM_DATA/by-hand.");
        }
    }

    private void changed(int type, Bundle bundle) throws IOException {
        switch (type) {
            case BundleEvent.UPDATED -> keep(bundle);
            case BundleEvent.UNINSTALLED -> forget(bundle.getLocation());
            default -> noteState(bundle);
        }
    }

    private void keep(Bundle bundle) throws IOException {
        try (InputStream content = content(bundle)) {
            DurableFile.write(jar(bundle.getLocation()), content);
        }
        noteState(bundle);
    }

    /** What the framework took, which the address may not hold any more; for one that it reads in place, the address. */
    private static InputStream content(Bundle bundle) throws IOException {
        Optional<Path> cached = cached(bundle);
        return cached.isPresent()
                ? Files.newInputStream(cached.get())
                : new BufferedInputStream(
                        URI.create(bundle.getLocation()).toURL().openStream());
    }

    /** Felix has a folder for each revision of a bundle, beside that of its data. */
    private static Optional<Path> cached(Bundle bundle) throws IOException {
        if (bundle.getDataFile("") == null) {
            return Optional.empty();
        }
        try (Stream<Path> revisions = Files.list(
                bundle.getDataFile("").toPath().toAbsolutePath().normalize().getParent())) {
            return revisions
                    .map(revision -> revision.resolve("bundle.jar"))
                    .filter(Files::isRegularFile)
                    .max(Comparator.comparing(KeptBundles::revision));
        }
    }

    private static int revision(Path jar) {
        String digits = jar.getParent().getFileName().toString().replaceAll("^.*\\.", "");
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
    }

    private void noteState(Bundle bundle) throws IOException {
        BundleStartLevel start = bundle.adapt(BundleStartLevel.class);
        if (start == null) {
            return; // it goes
        }
        KeptBundle kept = new KeptBundle(
                bundle.getLocation(), bundle.getBundleId(), start.isPersistentlyStarted(), start.getStartLevel());
        Path note = note(bundle.getLocation());
        if (!Files.exists(note) || !kept.equals(KeptBundle.read(note))) {
            DurableFile.write(note, kept.text());
        }
    }

    /** The note goes first: a jar without one is nothing. */
    private void forget(String location) throws IOException {
        DurableFile.delete(note(location));
        DurableFile.delete(jar(location));
    }

    private Path note(String location) {
        return folder.resolve(Names.of("bundle", location) + ".properties");
    }

    private Path jar(String location) {
        return folder.resolve(Names.of("bundle", location) + ".jar");
    }

    /** Installs what is not there, in the order in which it once came, and then starts what can be. */
    void bringBack() {
        List<KeptBundle> missing = new ArrayList<>();
        for (KeptBundle kept : notes()) {
            if (context.getBundle(kept.location()) == null && install(kept)) {
                missing.add(kept);
            }
        }
        missing.stream().filter(KeptBundle::started).forEach(kept -> {
            try {
                start(kept);
            } catch (BundleException tooEarly) {
                waiting.add(kept);
            }
        });
    }

    /** Starts those that had to wait for what else came back. */
    void startRest() {
        for (KeptBundle kept : waiting) {
            try {
                start(kept);
            } catch (BundleException failed) {
                lost(kept, failed);
            }
        }
        waiting.clear();
    }

    private List<KeptBundle> notes() {
        List<KeptBundle> notes = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return notes;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".properties"))
                    .toList()) {
                notes.add(KeptBundle.read(file));
            }
        } catch (IOException failed) {
            losses.add("bundles", failed, "Look at QRM_DATA/by-hand/bundles.");
        }
        notes.sort(Comparator.comparing(KeptBundle::id));
        return notes;
    }

    private boolean install(KeptBundle kept) {
        try (InputStream content = Files.newInputStream(jar(kept.location()))) {
            Bundle bundle = context.installBundle(kept.location(), content);
            bundle.adapt(BundleStartLevel.class).setStartLevel(kept.startLevel());
            LOG.info("{}, which was installed by hand, is back", kept.location());
            return true;
        } catch (IOException | BundleException failed) {
            lost(kept, failed);
            return false;
        }
    }

    private void start(KeptBundle kept) throws BundleException {
        Bundle bundle = context.getBundle(kept.location());
        if (bundle != null) {
            bundle.start();
        }
    }

    private void lost(KeptBundle kept, Exception failed) {
        losses.add(
                "the bundle " + kept.location(),
                failed,
                "Install a version that fits this server; or uninstall it, or take away "
                        + note(kept.location()).getFileName() + " from QRM_DATA/by-hand/bundles.");
    }
}
