package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.Resources;
import org.qrm.api.user.Role;

/** {@code qrm:resource-load}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "resource-load", description = "Tells how loaded a machine was in the last hour.")
public final class ResourceLoad extends ShowingCommand {

    @Reference(optional = true)
    Resources resources;

    @Argument(index = 0, name = "resource", description = "Number, name or MAC address.", required = true)
    @Completion(ResourceCompleter.class)
    String resource;

    @Override
    void run() {
        list(
                resources.load(ResourceCommand.find(resources, resource).id()).stream()
                        .map(View::of)
                        .toList(),
                "minute",
                "load");
    }
}
