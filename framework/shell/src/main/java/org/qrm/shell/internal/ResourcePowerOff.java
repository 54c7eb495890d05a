package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.user.Role;

/** {@code qrm:resource-power-off}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "resource-power-off", description = "Shuts a machine down and switches it off.")
public final class ResourcePowerOff extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.POWER_OFF));
    }
}
