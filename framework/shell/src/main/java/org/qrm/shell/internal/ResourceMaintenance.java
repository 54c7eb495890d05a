package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.user.Role;

/** {@code qrm:resource-maintenance}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "resource-maintenance", description = "Keeps a machine out of placement.")
public final class ResourceMaintenance extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.MAINTENANCE));
    }
}
