package org.qrm.core.plugin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.store.Database;

/**
 * Whose services are used. A service belongs to the plug-in that its bundle brings, or to the one that it names; what
 * nobody has registered acts for nobody. Where each plug-in stands is read from the database when it changes here, and every
 * few seconds for what another server changed.
 */
public final class ActingPlugins {

    /** What has to look again when a plug-in came, or stands elsewhere. */
    public interface Watcher {

        /** Returns soon. */
        void changed();

        /** Waits, with a limit, for what a change set off. */
        void settle();
    }

    private static final String ARCHIVE = "mvn:org.qrm/";
    private static final String PLUGINS = "org.qrm.plugin.";

    private final Database database;
    private final PresentPlugins present;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private volatile Map<String, PluginState> states = Map.of();

    public ActingPlugins(Database database, PresentPlugins present) {
        this.database = database;
        this.present = present;
        present.watch(this::changed);
    }

    /** Whether the bundle is a part of the server itself, and no plug-in. */
    public static boolean isServers(Bundle bundle) {
        return isOfArchive(bundle) && !bundle.getSymbolicName().startsWith(PLUGINS);
    }

    /** Whether the bundle came with the server: what is put there by hand has another address. */
    public static boolean isOfArchive(Bundle bundle) {
        return bundle != null && bundle.getLocation().startsWith(ARCHIVE);
    }

    /** Ids of the plug-ins that a service belongs to: one, or all of its bundle; none if it belongs to nobody. */
    public List<String> owners(ServiceReference<?> service) {
        Bundle bundle = service.getBundle();
        return owners(service.getProperty(Plugin.OWNER), bundle == null ? -1 : bundle.getBundleId());
    }

    private List<String> owners(Object named, long bundle) {
        return named instanceof String id ? List.of(id) : present.broughtBy(bundle);
    }

    /** Whether the plug-in stands there, or further. */
    public boolean stands(String id, PluginState least) {
        return states.getOrDefault(id, PluginState.AVAILABLE).compareTo(least) >= 0;
    }

    /** Whether a service with these properties belongs to a plug-in that is registered. */
    boolean acts(Map<String, ?> service) {
        long bundle = service.get(Constants.SERVICE_BUNDLEID) instanceof Long id ? id : -1;
        return owners(service.get(Plugin.OWNER), bundle).stream().anyMatch(id -> stands(id, PluginState.REGISTERED));
    }

    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /** Reads where all stand. */
    public void look() {
        saw(database.read(PluginRows::list));
    }

    void saw(List<PluginRow> rows) {
        Map<String, PluginState> now = rows.stream().collect(Collectors.toMap(PluginRow::id, PluginRow::state));
        if (!now.equals(states)) {
            states = now;
            changed();
        }
    }

    private void changed() {
        watchers.forEach(Watcher::changed);
    }

    /** Waits until what is to act does, or has had the time to. */
    void settle() {
        look();
        watchers.forEach(Watcher::settle);
    }
}
