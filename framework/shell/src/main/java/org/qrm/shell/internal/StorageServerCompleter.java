package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.storage.StorageServers;

/** Names of storage servers. */
@Service
public final class StorageServerCompleter implements Completer {

    @Reference(optional = true)
    StorageServers storageServers;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (storageServers == null) {
            return -1;
        }
        storageServers
                .list(PageRequest.FIRST)
                .items()
                .forEach(server -> known.getStrings().add(server.name()));
        return known.complete(session, line, candidates);
    }
}
