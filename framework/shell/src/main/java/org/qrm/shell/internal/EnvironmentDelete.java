package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:ve-delete}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "ve-delete", description = "Forgets an inactive virtual environment.")
public final class EnvironmentDelete extends EnvironmentCommand {

    @Override
    void run() {
        virtualEnvironments.delete(name);
        say("Virtual environment " + name + " is deleted.");
    }
}
