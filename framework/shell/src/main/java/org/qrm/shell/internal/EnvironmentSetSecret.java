package org.qrm.shell.internal;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.user.Role;

/** {@code qrm:ve-set-secret}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "ve-set-secret",
        description = "Sets an argument that only the machines of a virtual environment are told; asks for it.")
public final class EnvironmentSetSecret extends ShowingCommand {

    @Reference(optional = true)
    VirtualEnvironments environments;

    @Argument(index = 0, name = "name", description = "Name of the virtual environment.", required = true)
    @Completion(EnvironmentCompleter.class)
    String name;

    @Argument(index = 1, name = "argument", description = "Name of the argument.", required = true)
    @Completion(SecretArgumentCompleter.class)
    String argument;

    @Override
    void run() throws IOException {
        environments.setSecretArgument(name, argument, typedTwice("set secret argument", argument, "Value"));
        say("Secret argument " + argument + " of " + name + " is set.");
    }
}
