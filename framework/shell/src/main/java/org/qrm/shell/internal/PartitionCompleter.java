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
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.Resources;

/** Names of partitions. */
@Service
public final class PartitionCompleter implements Completer {

    @Reference(optional = true)
    Resources resources;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (resources == null) {
            return -1;
        }
        resources
                .list(new ResourceFilter(null, ResourceKind.PARTITION, null, null, null), PageRequest.FIRST)
                .items()
                .forEach(resource -> known.getStrings().add(resource.name()));
        return known.complete(session, line, candidates);
    }
}
