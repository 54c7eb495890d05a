package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:storage-server-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "storage-server-show", description = "Shows all about a storage server.")
public final class StorageServerShow extends StorageServerCommand {

    @Override
    void run() {
        item(View.of(found()));
    }
}
