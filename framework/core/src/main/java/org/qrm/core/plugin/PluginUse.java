package org.qrm.core.plugin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.plugin.PluginAction;

/** What would be without its plug-in if that went, and what it leaves behind. The plug-in itself may know of more, and refuses then. */
public final class PluginUse {

    private static final int MOST_NAMED = 10;

    private final Function<String, ? extends Collection<String>> storageTypes;

    /** @param storageTypes the types of storage that a plug-in offers now, as they are stored */
    public PluginUse(Function<String, ? extends Collection<String>> storageTypes) {
        this.storageTypes = storageTypes;
    }

    /** @throws QrmException CONFLICT, naming what needs it */
    void refuse(Handle handle, String id) {
        List<String> users = new ArrayList<>();
        name(users, "virtual environments need it: ", environments(handle, id));
        name(users, "storage servers are of its type: ", storageServers(handle, id));
        name(users, "partitions are made by it: ", partitions(handle, id));
        if (!users.isEmpty()) {
            throw QrmException.conflict(
                    PluginAction.UNINSTALL.attempt(),
                    id,
                    String.join("; ", users),
                    "Stop and delete them first. What a plug-in leaves behind without a server to look after it is lost.");
        }
    }

    /** What it made and would have taken away, as far as that is known here. */
    List<String> made(Handle handle, String id) {
        List<String> made = new ArrayList<>();
        name(made, "boot images ", images(handle, "boot_image", id));
        name(made, "filesystem images ", images(handle, "filesystem_image", id));
        return made;
    }

    private static List<String> images(Handle handle, String table, String id) {
        return handle.createQuery("select name from " + table + " where plugin = :id order by name")
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }

    private static void name(List<String> users, String what, List<String> names) {
        if (!names.isEmpty()) {
            int more = names.size() - MOST_NAMED;
            String some = String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)));
            users.add(what + some + (more > 0 ? " and " + more + " more" : ""));
        }
    }

    /** Those that make hosts by it, run on its partitions, or boot or mount an image that it made and would take away. */
    private static List<String> environments(Handle handle, String id) {
        return handle.createQuery("select e.name from environment e"
                        + " join boot_image b on b.name = e.boot_image"
                        + " join filesystem_image f on f.name = e.filesystem_image"
                        + " where e.partitioning = :id or e.runs_on = :runsOn or b.plugin = :id or f.plugin = :id"
                        + " order by e.name")
                .bind("id", id)
                .bind("runsOn", EnvironmentSpec.ON_PARTITION + id)
                .mapTo(String.class)
                .list();
    }

    private static List<String> partitions(Handle handle, String id) {
        return handle.createQuery("select r.name from host_partition p join resource r on r.id = p.resource_id"
                        + " where p.plugin = :id order by r.name")
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }

    private List<String> storageServers(Handle handle, String id) {
        Collection<String> offered = storageTypes.apply(id);
        // one that is not there is taken at its name
        Collection<String> types = offered.isEmpty() ? List.of(id) : offered;
        return handle.createQuery("select name from storage_server where lower(type) in (<types>) order by name")
                .bindList("types", types)
                .mapTo(String.class)
                .list();
    }
}
