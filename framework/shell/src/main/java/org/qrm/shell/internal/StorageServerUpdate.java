package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.user.Role;

/** {@code qrm:storage-server-update}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "storage-server-update", description = "Changes a storage server.")
public final class StorageServerUpdate extends StorageServerCommand {

    @Option(name = "--type", description = "Storage type.")
    String type;

    @Option(name = "--address", description = "IPv4 address that machines mount from.")
    String address;

    @Option(name = "--management-address", description = "Reached over SSH.")
    String managementAddress;

    @Option(name = "--export-root", description = "Directory below which images are.")
    String exportRoot;

    @Option(name = "--host-key", description = "Its SSH host key; none forgets it.")
    String hostKey;

    @Override
    void run() {
        StorageServer before = found();
        StorageServer wanted = new StorageServer(
                name,
                or(type, before.type()),
                or(address, before.address()),
                or(managementAddress, before.managementAddress()),
                or(exportRoot, before.exportRoot()),
                "none".equals(hostKey) ? null : or(hostKey, before.hostKey()));
        tell(storageServers.update(wanted), "changed");
    }

    private static String or(String given, String before) {
        return given == null ? before : given;
    }
}
