package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.operation.Operations;

/** Numbers of the newest operations. */
@Service
public final class OperationCompleter implements Completer {

    @Reference(optional = true)
    Operations operations;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (operations == null) {
            return -1;
        }
        operations
                .list(null, null, new PageRequest(50, null))
                .items()
                .forEach(operation -> known.getStrings().add(Long.toString(operation.id())));
        return known.complete(session, line, candidates);
    }
}
