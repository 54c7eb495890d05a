package org.qrm.core.plugin;

import static org.qrm.core.call.Admission.PLUGIN_ID;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.qrm.api.Name;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.Question;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plug-ins and wizards whose bundles are there now. */
public final class PresentPlugins {

    /** A plug-in that is there. */
    record Present(Plugin plugin, String description, String version) {}

    private static final Logger LOG = LoggerFactory.getLogger(PresentPlugins.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final PluginCalls calls;
    private final Whiteboard.Refusals refusals;
    private final Map<String, Present> plugins = new ConcurrentSkipListMap<>();
    private final Map<String, ConfigurationWizard> wizards = new ConcurrentSkipListMap<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    /** @param refusals hears of those that are left out */
    public PresentPlugins(
            Whiteboard<Plugin> pluginBoard,
            Whiteboard<ConfigurationWizard> wizardBoard,
            PluginCalls calls,
            Whiteboard.Refusals refusals) {
        this.calls = calls;
        this.refusals = refusals;
        pluginBoard.watch(this::arrived, plugin -> left(plugin, pluginBoard));
        wizardBoard.watch(this::arrived, this::left);
    }

    Map<String, Present> all() {
        return plugins;
    }

    Optional<Present> find(String id) {
        return Optional.ofNullable(plugins.get(id));
    }

    /** Ids of those that a bundle brings. */
    public List<String> broughtBy(Bundle bundle) {
        return bundle == null ? List.of() : broughtBy(bundle.getBundleId());
    }

    List<String> broughtBy(long bundle) {
        return plugins.entrySet().stream()
                .filter(each -> bundle == bundleOf(each.getValue().plugin()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static long bundleOf(Plugin plugin) {
        Bundle bundle = FrameworkUtil.getBundle(plugin.getClass());
        return bundle == null ? Long.MIN_VALUE : bundle.getBundleId();
    }

    /** Hears that a plug-in or a wizard came or went. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    Optional<ConfigurationWizard> wizard(String id) {
        return Optional.ofNullable(wizards.get(id));
    }

    /** Of its wizard, none if it has none now. */
    List<Question> questions(String id) {
        return wizard(id)
                .map(wizard -> calls.call(
                        wizard, "the wizard of plug-in " + id, LIMIT, null, () -> List.copyOf(wizard.questions())))
                .orElse(List.of());
    }

    /** What changed answers change, and when; empty if its wizard does not say. */
    String effect(String id) {
        return wizard(id)
                .map(wizard ->
                        calls.call(wizard, "the wizard of plug-in " + id, LIMIT, null, () -> text(wizard.effect())))
                .orElse("");
    }

    /** Lets it refuse to be uninstalled; one whose bundle is away cannot. */
    void checkUninstall(String id) {
        find(id).ifPresent(present -> calls.call(present.plugin(), "plug-in " + id, LIMIT, null, () -> {
            present.plugin().checkUninstall();
            return null;
        }));
    }

    private static String text(String said) {
        return said == null ? "" : said.strip();
    }

    private void arrived(Plugin plugin) {
        String id = idOf(plugin, plugin::id);
        if (id == null) {
            return;
        }
        String description = ask(plugin, plugin::description);
        Present before =
                plugins.putIfAbsent(id, new Present(plugin, description == null ? "" : description, versionOf(plugin)));
        if (before != null) {
            refusals.refused(plugin, "plug-in " + id + " is there already, " + name(before.plugin()));
            return;
        }
        refusals.over(plugin);
        watchers.forEach(Runnable::run);
    }

    private static String name(Object service) {
        Bundle bundle = FrameworkUtil.getBundle(service.getClass());
        return service.getClass().getName() + (bundle == null ? "" : " of bundle " + bundle.getSymbolicName());
    }

    /** Null when it is none. */
    private String idOf(Object service, Callable<String> question) {
        String id = ask(service, question);
        if (id == null || !PLUGIN_ID.matcher(id).matches()) {
            refusals.refused(service, "\"" + Name.printable(id) + "\" is no id of a plug-in");
            return null;
        }
        return id;
    }

    /** One that was left out because of it takes its place. */
    private void left(Plugin plugin, Whiteboard<Plugin> board) {
        if (plugins.values().removeIf(present -> present.plugin() == plugin)) {
            board.services().stream().filter(other -> !isTaken(other)).forEach(this::arrived);
            watchers.forEach(Runnable::run);
        }
    }

    private void left(ConfigurationWizard wizard) {
        if (wizards.values().removeIf(present -> present == wizard)) {
            watchers.forEach(Runnable::run);
        }
    }

    private boolean isTaken(Plugin plugin) {
        return plugins.values().stream().anyMatch(present -> present.plugin() == plugin);
    }

    private void arrived(ConfigurationWizard wizard) {
        String id = idOf(wizard, wizard::plugin);
        ConfigurationWizard before = id == null ? null : wizards.putIfAbsent(id, wizard);
        if (before != null) {
            refusals.refused(wizard, "plug-in " + id + " has a wizard already, " + name(before));
        } else if (id != null) {
            watchers.forEach(Runnable::run);
        }
    }

    private String ask(Object service, Callable<String> question) {
        try {
            return calls.call(service, service.getClass().getName(), LIMIT, null, question);
        } catch (RuntimeException failed) {
            LOG.warn("{} does not say who it is", service.getClass(), failed);
            return null;
        }
    }

    private static String versionOf(Plugin plugin) {
        Bundle bundle = FrameworkUtil.getBundle(plugin.getClass());
        return bundle == null ? "" : bundle.getVersion().toString();
    }
}
