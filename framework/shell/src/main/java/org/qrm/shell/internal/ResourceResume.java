package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.user.Role;

/** {@code qrm:resource-resume}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "resource-resume", description = "Ends maintenance or local boot.")
public final class ResourceResume extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.RESUME));
    }
}
