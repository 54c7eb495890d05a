package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.PluginFiles;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-remove-file}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "plugin-remove-file",
        description = "Removes a file and its bundle; its plug-ins have to be uninstalled before.")
public final class PluginFileRemove extends ShowingCommand {

    @Reference(optional = true)
    PluginFiles files;

    @Argument(index = 0, name = "name", description = "Name of the file.", required = true)
    @Completion(PluginFileCompleter.class)
    String name;

    @Override
    void run() {
        files.remove(name);
        say(name + " is removed.");
    }
}
