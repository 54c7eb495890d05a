package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.user.Role;

/** {@code qrm:storage-server-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "storage-server-list", description = "Lists storage servers.")
public final class StorageServerList extends ShowingCommand {

    @Reference(optional = true)
    StorageServers storageServers;

    @Override
    void run() {
        list(all(storageServers::list, View::of), "name", "type", "address", "managementAddress", "exportRoot");
    }
}
