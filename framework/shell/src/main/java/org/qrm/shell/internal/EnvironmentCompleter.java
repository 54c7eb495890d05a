package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.environment.VirtualEnvironments;

/** Names of virtual environments. */
@Service
public final class EnvironmentCompleter implements Completer {

    @Reference(optional = true)
    VirtualEnvironments virtualEnvironments;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (virtualEnvironments == null) {
            return -1;
        }
        virtualEnvironments
                .list(null, PageRequest.FIRST)
                .items()
                .forEach(environment -> known.getStrings().add(environment.name()));
        return known.complete(session, line, candidates);
    }
}
