package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:ve-restart}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "ve-restart", description = "Restarts the machines of a virtual environment.")
public final class EnvironmentRestart extends EnvironmentCommand {

    @Override
    void run() throws InterruptedException {
        work(virtualEnvironments.restart(name));
    }
}
