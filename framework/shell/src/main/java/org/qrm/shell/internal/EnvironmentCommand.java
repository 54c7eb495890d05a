package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;

/** A command about one virtual environment. */
public abstract class EnvironmentCommand extends WorkCommand {

    @Reference(optional = true)
    VirtualEnvironments virtualEnvironments;

    @Argument(index = 0, name = "name", description = "Name of the virtual environment.", required = true)
    @Completion(EnvironmentCompleter.class)
    String name;

    final VirtualEnvironment found() {
        return virtualEnvironments
                .find(name)
                .orElseThrow(() -> QrmException.notFound("find virtual environment", "virtual environment", name));
    }
}
