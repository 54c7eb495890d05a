package org.qrm.core.pluginfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.plugin.PluginFileState;

/** A framework that takes up each file as soon as somebody looks, and does as its manifest says under {@code Test-…}. */
final class FakeBundles implements PluginBundles {

    /** Locations of bundles that come from elsewhere, by symbolic name. */
    final Map<String, String> others = new HashMap<>();
    /** Bundles that use packages of a file's. */
    final Map<String, List<String>> users = new HashMap<>();
    /** Whether bundles stay when their file goes. */
    boolean sticky;
    /** How often something was taken up. */
    int changes;

    boolean broken;

    @Override
    public Seen at(Path file) {
        BundleManifest manifest = read(file);
        if (manifest == null) {
            return new Seen("", "", PluginFileState.STARTING, "not taken up", List.of());
        }
        String plugins = manifest.headers().getValue("Test-Plugins");
        Optional<String> failure = Optional.ofNullable(manifest.headers().getValue("Test-Failure"));
        return new Seen(
                manifest.symbolicName(),
                manifest.version().toString(),
                failure.isPresent() ? PluginFileState.STOPPED : PluginFileState.ACTIVE,
                failure.orElse(""),
                plugins == null ? List.of() : List.of(plugins.split(",")));
    }

    private static BundleManifest read(Path file) {
        try {
            return Files.exists(file) ? BundleManifest.of(file) : null;
        } catch (BundleManifest.NoBundle no) {
            return null;
        }
    }

    @Override
    public Optional<String> elsewhere(String symbolicName, Path file) {
        return Optional.ofNullable(others.get(symbolicName));
    }

    @Override
    public List<String> users(Path file) {
        return users.getOrDefault(file.getFileName().toString(), List.of());
    }

    @Override
    public Optional<String> obstacle(BundleManifest manifest) {
        return Optional.ofNullable(manifest.headers().getValue("Test-Obstacle"));
    }

    @Override
    public Moment now(Path file) {
        return new Moment(file, modified(file));
    }

    @Override
    public Optional<String> startedSince(Moment before) {
        if (broken) {
            throw new IllegalStateException("the framework is ending");
        }
        if (modified(before.file()) == before.lastChange()) {
            return Optional.of("it was not taken up");
        }
        changes++;
        return Optional.of(at(before.file()).reason()).filter(reason -> !reason.isEmpty());
    }

    private static long modified(Path file) {
        try {
            return Files.exists(file)
                    ? Files.getLastModifiedTime(file).to(java.util.concurrent.TimeUnit.NANOSECONDS)
                    : -1;
        } catch (IOException gone) {
            return -1;
        }
    }

    @Override
    public boolean gone(Path file) {
        return !sticky;
    }
}
