package org.qrm.api.storage;

import java.util.Objects;

/**
 * A machine that keeps filesystem images.
 *
 * @param name unique, never changed
 * @param type name of its {@link StorageType}: {@code nfs}
 * @param address IPv4 address that machines mount from
 * @param managementAddress IPv4 address or host name that the server reaches over SSH
 * @param exportRoot absolute path below which images are
 * @param hostKey its SSH host key ({@code type base64}) as pinned, or null until the first contact
 */
public record StorageServer(
        String name, String type, String address, String managementAddress, String exportRoot, String hostKey) {
    public StorageServer {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(address);
        Objects.requireNonNull(managementAddress);
        Objects.requireNonNull(exportRoot);
    }
}
