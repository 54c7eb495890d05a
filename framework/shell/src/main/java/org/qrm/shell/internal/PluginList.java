package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "plugin-list", description = "Lists plug-ins and where they stand.")
public final class PluginList extends ShowingCommand {

    @Reference(optional = true)
    Plugins plugins;

    @Override
    void run() {
        list(
                plugins.list().stream().map(View::of).toList(),
                "id",
                "version",
                "state",
                "present",
                "configurable",
                "description");
    }
}
