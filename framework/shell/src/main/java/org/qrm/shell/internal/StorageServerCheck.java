package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.user.Role;

/** {@code qrm:storage-server-check}. */
@Service
@Needs(Role.VIEWER)
@Command(
        scope = "qrm",
        name = "storage-server-check",
        description = "Tries to use a storage server, and says what is wrong.")
public final class StorageServerCheck extends StorageServerCommand {

    @Reference(optional = true)
    RemoteCommands remoteCommands;

    @Override
    void run() {
        found();
        try {
            StorageFacts facts = storageServers.probe(name);
            item(View.of(facts));
            say("Storage server " + name + " can be used.");
        } catch (QrmException unusable) {
            say("The line for root's authorized_keys there: " + remoteCommands.authorizedKey());
            throw unusable;
        }
    }
}
