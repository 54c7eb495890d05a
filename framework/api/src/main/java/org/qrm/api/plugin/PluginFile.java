package org.qrm.api.plugin;

import java.util.List;
import java.util.Objects;

/**
 * A jar file in the folder {@code deploy} of {@code QRM_DATA}.
 *
 * @param name file name without a path
 * @param sizeBytes bytes
 * @param sha256 64 lower-case hexadecimal digits
 * @param symbolicName of its bundle, empty while there is none
 * @param version of its bundle, empty while there is none
 * @param state what has become of it
 * @param reason why it is not at work, empty when it is
 * @param plugins ids of the plug-ins that it brings at the moment, in their order
 */
public record PluginFile(
        String name,
        long sizeBytes,
        String sha256,
        String symbolicName,
        String version,
        PluginFileState state,
        String reason,
        List<String> plugins) {
    public PluginFile {
        Objects.requireNonNull(name);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(symbolicName);
        Objects.requireNonNull(version);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        plugins = List.copyOf(plugins);
    }
}
