package org.qrm.commands.noun;

import org.qrm.api.storage.StorageServer;
import org.qrm.commands.About;

/** A storage server as it is answered. */
record StorageServerView(
        @About("its name, unique, never changed") String name,
        @About("storage type: nfs") String type,
        @About("IPv4 address that machines mount from") String address,

        @About("IPv4 address or host name that the server reaches over SSH")
        String managementAddress,

        @About("absolute path below which images are") String exportRoot,

        @About(value = "its pinned SSH host key, \"type base64\"", optional = true)
        String hostKey,

        @About("whom it belongs to, empty when nobody said") String owner,

        @About(value = "what others should know of it, Markdown; empty for none, null in lists", optional = true)
        String note) {

    static StorageServerView of(StorageServer server) {
        return new StorageServerView(
                server.name(),
                server.type(),
                server.address(),
                server.managementAddress(),
                server.exportRoot(),
                server.hostKey(),
                server.remark().owner(),
                server.remark().note());
    }
}
