package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.user.Role;

/** {@code qrm:resource-remove}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "resource-remove", description = "Forgets a machine; it is new when it boots again.")
public final class ResourceRemove extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.REMOVE));
    }
}
