package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.user.Role;

/** {@code qrm:resource-reboot}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "resource-reboot", description = "Restarts a machine; it boots what it is bound to.")
public final class ResourceReboot extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.REBOOT));
    }
}
