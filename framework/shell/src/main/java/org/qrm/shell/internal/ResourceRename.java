package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.Resource;
import org.qrm.api.user.Role;

/** {@code qrm:resource-rename}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "resource-rename", description = "Gives a machine another name.")
public final class ResourceRename extends ResourceCommand {

    @Argument(index = 1, name = "name", description = "The new name, unique.", required = true)
    String name;

    @Override
    void run() {
        Resource renamed = resourceAdmin.rename(found().id(), name);
        if (json()) {
            item(View.of(renamed));
        }
        say("Resource " + renamed.id() + " is called " + renamed.name() + " now.");
    }
}
