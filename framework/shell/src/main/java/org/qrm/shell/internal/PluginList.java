package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.Plugins;

/** {@code qrm:plugin-list}. */
@Service
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
