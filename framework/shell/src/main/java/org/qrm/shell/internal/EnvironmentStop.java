package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:ve-stop}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "ve-stop", description = "Stops a virtual environment and gives its machines back.")
public final class EnvironmentStop extends EnvironmentCommand {

    @Option(name = "--force", description = "Without asking it, and although its partitions are in use.")
    boolean force;

    @Override
    void run() throws InterruptedException {
        work(virtualEnvironments.stop(name, force));
    }
}
