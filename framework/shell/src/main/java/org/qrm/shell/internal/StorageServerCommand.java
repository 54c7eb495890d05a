package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;

/** A command about one storage server. */
public abstract class StorageServerCommand extends ShowingCommand {

    @Reference(optional = true)
    StorageServers storageServers;

    @Argument(index = 0, name = "name", description = "Name of the storage server.", required = true)
    @Completion(StorageServerCompleter.class)
    String name;

    final StorageServer found() {
        return storageServers
                .find(name)
                .orElseThrow(() -> QrmException.notFound("find storage server", "storage server", name));
    }

    final void tell(StorageServer server, String what) {
        if (json()) {
            item(View.of(server));
        }
        say("Storage server " + server.name() + " is " + what + ".");
    }
}
