package org.qrm.core.pluginfile;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.qrm.api.plugin.PluginFileState;

/** What the framework makes of the files in the folder. */
public interface PluginBundles {

    /**
     * The bundle of a file.
     *
     * @param plugins ids of the plug-ins that it brings
     */
    record Seen(String symbolicName, String version, PluginFileState state, String reason, List<String> plugins) {}

    /** A moment in the life of a file's bundle, to tell what came after it. */
    record Moment(Path file, long lastChange) {}

    /** State {@link PluginFileState#STARTING} without names when there is no bundle. */
    Seen at(Path file);

    /** Where a bundle of that symbolic name comes from, if not from that file. */
    Optional<String> elsewhere(String symbolicName, Path file);

    /** Names of other bundles that would be restarted with the file's. */
    List<String> users(Path file);

    /** Why a bundle with that manifest could not be resolved, as far as that can be known before; empty if it could. */
    Optional<String> obstacle(BundleManifest manifest);

    Moment now(Path file);

    /** Waits until the file's bundle is at work as it was changed since then. Says why it is not; empty if it is. */
    Optional<String> startedSince(Moment before);

    /** Waits until the file has no bundle. False when it still has one. */
    boolean gone(Path file);
}
