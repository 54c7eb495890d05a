package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-run-once}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "plugin-run-once", description = "Does what a plug-in needs once after installation.")
public final class PluginRunOnce extends PluginCommand {

    @Override
    void run() throws InterruptedException {
        work(plugins.act(plugin, PluginAction.RUN_ONCE));
    }
}
