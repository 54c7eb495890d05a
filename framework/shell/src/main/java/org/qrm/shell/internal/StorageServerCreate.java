package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.user.Role;

/** {@code qrm:storage-server-create}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "storage-server-create", description = "Makes a storage server known.")
public final class StorageServerCreate extends StorageServerCommand {

    @Option(name = "--type", description = "Storage type.")
    String type = "nfs";

    @Option(name = "--address", description = "IPv4 address that machines mount from.", required = true)
    String address;

    @Option(name = "--management-address", description = "Reached over SSH; --address unless given.")
    String managementAddress;

    @Option(name = "--export-root", description = "Directory below which images are.", required = true)
    String exportRoot;

    @Option(name = "--host-key", description = "Its SSH host key.")
    String hostKey;

    @Override
    void run() {
        String management = managementAddress == null ? address : managementAddress;
        StorageServer wanted = new StorageServer(name, type, address, management, exportRoot, hostKey);
        tell(storageServers.create(wanted), "created");
    }
}
