package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-register}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "plugin-register", description = "Says that a plug-in is wanted.")
public final class PluginRegister extends PluginCommand {

    @Override
    void run() throws InterruptedException {
        work(plugins.act(plugin, PluginAction.REGISTER));
    }
}
