package org.qrm.core.plugin;

import static org.qrm.api.plugin.PluginState.ACTIVE;
import static org.qrm.api.plugin.PluginState.AVAILABLE;
import static org.qrm.api.plugin.PluginState.CONFIGURED;
import static org.qrm.api.plugin.PluginState.INSTALLED;
import static org.qrm.api.plugin.PluginState.REGISTERED;

import java.util.List;
import java.util.Map;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.lifecycle.LifeCycle;

/** The life of a plug-in. */
final class PluginLifeCycle {

    static final LifeCycle<PluginState> TABLE = new LifeCycle<>("plug-in", PluginState.class)
            .from(AVAILABLE, REGISTERED)
            .from(REGISTERED, CONFIGURED, AVAILABLE)
            .from(CONFIGURED, INSTALLED, AVAILABLE)
            .from(INSTALLED, ACTIVE, AVAILABLE)
            .from(ACTIVE, AVAILABLE);

    private static final Map<PluginAction, PluginState> TARGET = Map.of(
            PluginAction.REGISTER, REGISTERED,
            PluginAction.INSTALL, INSTALLED,
            PluginAction.RUN_ONCE, ACTIVE,
            PluginAction.UNINSTALL, AVAILABLE);

    private PluginLifeCycle() {}

    /** Whether the action has been carried out; all but uninstall may be repeated. */
    static boolean isDone(PluginAction action, PluginState state) {
        return action != PluginAction.UNINSTALL ? state.compareTo(TARGET.get(action)) >= 0 : state == AVAILABLE;
    }

    /** Whether the plug-in works with its answers then. */
    static boolean needsAnswers(PluginAction action) {
        return action == PluginAction.INSTALL || action == PluginAction.RUN_ONCE;
    }

    /**
     * The actions that lead somewhere.
     *
     * @param present whether its bundle is there; without it what it made is only forgotten, and that by force
     * @param wizard whether it has a wizard
     */
    static List<PluginAction> actions(PluginState state, boolean present, boolean wizard) {
        if (!present) {
            return state == AVAILABLE ? List.of() : List.of(PluginAction.UNINSTALL);
        }
        return switch (state) {
            case AVAILABLE -> List.of(PluginAction.REGISTER);
            case REGISTERED ->
                wizard ? List.of(PluginAction.UNINSTALL) : List.of(PluginAction.INSTALL, PluginAction.UNINSTALL);
            case CONFIGURED, ACTIVE -> List.of(PluginAction.INSTALL, PluginAction.UNINSTALL);
            case INSTALLED -> List.of(PluginAction.RUN_ONCE, PluginAction.INSTALL, PluginAction.UNINSTALL);
        };
    }

    /**
     * Whether the action may be carried out.
     *
     * @param wizard whether it has a wizard; without one it needs no answers
     * @throws QrmException CONFLICT, with what is to be done first
     */
    static void check(String id, PluginAction action, PluginState state, boolean wizard) {
        boolean passesThrough = action == PluginAction.INSTALL && state == REGISTERED && !wizard;
        if (isDone(action, state) || passesThrough || TABLE.allows(state, TARGET.get(action))) {
            return;
        }
        throw QrmException.conflict(
                action.attempt(),
                id,
                "it is " + state.name().toLowerCase(java.util.Locale.ROOT),
                switch (state) {
                    case AVAILABLE -> "Register it first.";
                    case REGISTERED -> "Answer its wizard first (qrm-configurator, or its page in the console).";
                    default -> "Install it first.";
                });
    }
}
