package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-uninstall}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "plugin-uninstall", description = "Takes away what a plug-in made.")
public final class PluginUninstall extends PluginCommand {

    @Override
    void run() throws InterruptedException {
        work(plugins.act(plugin, PluginAction.UNINSTALL));
    }
}
