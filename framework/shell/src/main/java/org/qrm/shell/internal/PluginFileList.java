package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.PluginFiles;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-files}. */
@Service
@Needs(Role.VIEWER)
@Command(
        scope = "qrm",
        name = "plugin-files",
        description = "Lists the files in the folder deploy that bring plug-ins.")
public final class PluginFileList extends ShowingCommand {

    @Reference(optional = true)
    PluginFiles files;

    @Override
    void run() {
        list(
                files.list().stream().map(View::of).toList(),
                "name",
                "symbolicName",
                "version",
                "state",
                "plugins",
                "reason");
    }
}
