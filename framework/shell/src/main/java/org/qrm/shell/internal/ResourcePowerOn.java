package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.user.Role;

/** {@code qrm:resource-power-on}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "resource-power-on", description = "Switches a machine on; needs a power controller.")
public final class ResourcePowerOn extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.POWER_ON));
    }
}
