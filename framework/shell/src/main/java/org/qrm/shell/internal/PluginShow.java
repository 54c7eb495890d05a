package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "plugin-show", description = "Shows a plug-in.")
public final class PluginShow extends PluginCommand {

    @Override
    void run() {
        item(View.of(plugins.find(plugin).orElseThrow(() -> QrmException.notFound("find plug-in", "plug-in", plugin))));
    }
}
