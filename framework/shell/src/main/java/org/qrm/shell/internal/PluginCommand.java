package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.plugin.Plugins;

/** A command about one plug-in. */
public abstract class PluginCommand extends WorkCommand {

    @Reference(optional = true)
    Plugins plugins;

    @Argument(index = 0, name = "plug-in", description = "Id of the plug-in.", required = true)
    @Completion(PluginCompleter.class)
    String plugin;
}
