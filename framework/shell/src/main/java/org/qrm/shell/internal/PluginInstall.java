package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-install}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "plugin-install", description = "Has a plug-in make what it needs.")
public final class PluginInstall extends PluginCommand {

    @Override
    void run() throws InterruptedException {
        work(plugins.act(plugin, PluginAction.INSTALL));
    }
}
