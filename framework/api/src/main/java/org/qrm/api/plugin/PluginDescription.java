package org.qrm.api.plugin;

import java.util.Objects;

/**
 * A plug-in and where it stands.
 *
 * @param id the plug-in's id
 * @param description one line for people
 * @param version of its bundle
 * @param state where it stands
 * @param present whether its bundle is there now
 * @param configurable whether it has a wizard
 */
public record PluginDescription(
        String id, String description, String version, PluginState state, boolean present, boolean configurable) {
    public PluginDescription {
        Objects.requireNonNull(id);
        Objects.requireNonNull(description);
        Objects.requireNonNull(version);
        Objects.requireNonNull(state);
    }
}
