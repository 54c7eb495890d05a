package org.qrm.api.plugin;

import java.util.List;
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
 * @param unanswered questions of its wizard that must be answered, have no default and are not answered, though it was configured
 *     before, as after an update: while there are any it needs configuration
 * @param actions that lead somewhere now, in the order in which they are usually taken
 */
public record PluginDescription(
        String id,
        String description,
        String version,
        PluginState state,
        boolean present,
        boolean configurable,
        List<String> unanswered,
        List<PluginAction> actions) {
    public PluginDescription {
        Objects.requireNonNull(id);
        Objects.requireNonNull(description);
        Objects.requireNonNull(version);
        Objects.requireNonNull(state);
        unanswered = List.copyOf(unanswered);
        actions = List.copyOf(actions);
    }

    /** One that needs no configuration. */
    public PluginDescription(
            String id,
            String description,
            String version,
            PluginState state,
            boolean present,
            boolean configurable,
            List<PluginAction> actions) {
        this(id, description, version, state, present, configurable, List.of(), actions);
    }
}
