package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:storage-server-delete}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "storage-server-delete", description = "Forgets a storage server that keeps no image.")
public final class StorageServerDelete extends StorageServerCommand {

    @Override
    void run() {
        storageServers.delete(name);
        say("Storage server " + name + " is deleted.");
    }
}
