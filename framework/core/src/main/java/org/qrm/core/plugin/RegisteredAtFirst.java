package org.qrm.core.plugin;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.plugin.PresentPlugins.Present;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers plug-ins of the server's own archive that a data centre can hardly do without and that ask nothing: each once for
 * a database, so that one that an administrator takes away stays away.
 */
public final class RegisteredAtFirst {

    /** A header of the bundle's manifest. */
    static final String HEADER = "QRM-Registered";

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredAtFirst.class);

    private final Database database;
    private final PresentPlugins present;
    private final ActingPlugins acting;
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    public RegisteredAtFirst(Database database, PresentPlugins present, ActingPlugins acting) {
        this.database = database;
        this.present = present;
        this.acting = acting;
        present.watch(this::look);
    }

    private void look() {
        present.all().forEach((id, plugin) -> {
            if (!done.contains(id) && isMeant(plugin)) {
                register(id, plugin);
            }
        });
    }

    private static boolean isMeant(Present plugin) {
        Bundle bundle = FrameworkUtil.getBundle(plugin.plugin().getClass());
        return ActingPlugins.isOfArchive(bundle)
                && "true".equals(bundle.getHeaders("").get(HEADER));
    }

    void register(String id, Present plugin) {
        try {
            boolean first = database.change(change -> firstTime(change, id, plugin));
            done.add(id);
            if (first) {
                acting.look();
            }
        } catch (RuntimeException failed) {
            // another server on this database was first, or there is no database now: then at its next arrival
            LOG.warn("Plug-in {} was not registered by itself", id, failed);
        }
    }

    private static boolean firstTime(Change change, String id, Present plugin) {
        if (!PluginRows.atFirst(change.handle(), id)) {
            return false;
        }
        if (PluginRows.find(change.handle(), id).isEmpty()) {
            PluginRows.insert(change.handle(), id, PluginState.REGISTERED, plugin);
            PluginSteps.tell(change, id, "registered: it comes with the server");
        }
        return true;
    }
}
