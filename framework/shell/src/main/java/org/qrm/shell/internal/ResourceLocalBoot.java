package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.user.Role;

/** {@code qrm:resource-local-boot}. */
@Service
@Needs(Role.OPERATOR)
@Command(
        scope = "qrm",
        name = "resource-local-boot",
        description = "Lets a machine boot from its own disk, out of the pool.")
public final class ResourceLocalBoot extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.LOCAL_BOOT));
    }
}
