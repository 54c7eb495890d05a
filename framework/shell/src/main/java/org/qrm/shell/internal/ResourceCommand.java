package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAdmin;
import org.qrm.api.resource.Resources;

/** A command about one resource, as a person names it. */
public abstract class ResourceCommand extends WorkCommand {

    @Reference(optional = true)
    Resources resources;

    @Reference(optional = true)
    ResourceAdmin resourceAdmin;

    @Argument(index = 0, name = "resource", description = "Number, name or MAC address.", required = true)
    @Completion(ResourceCompleter.class)
    String resource;

    final Resource found() {
        return find(resources, resource);
    }

    static Resource find(Resources resources, String idNameOrMac) {
        return resources
                .find(idNameOrMac)
                .orElseThrow(() -> QrmException.notFound("find resource", "resource", idNameOrMac));
    }
}
