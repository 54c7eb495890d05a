package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.resource.ResourceFilter;
import org.qrm.api.resource.Resources;

/** Names of resources. */
@Service
public final class ResourceCompleter implements Completer {

    @Reference(optional = true)
    Resources resources;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (resources == null) {
            return -1;
        }
        resources
                .list(ResourceFilter.ALL, PageRequest.FIRST)
                .items()
                .forEach(resource -> known.getStrings().add(resource.name()));
        return known.complete(session, line, candidates);
    }
}
