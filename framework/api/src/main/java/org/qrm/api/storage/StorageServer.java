package org.qrm.api.storage;

import java.util.Objects;
import org.qrm.api.Remark;

/**
 * A machine that keeps filesystem images.
 *
 * @param name unique, never changed
 * @param type name of its {@link StorageType}: {@code nfs}
 * @param address IPv4 address that machines mount from
 * @param managementAddress IPv4 address or host name that the server reaches over SSH
 * @param exportRoot absolute path below which images are
 * @param hostKey its SSH host key ({@code type base64}) as pinned, or null until the first contact
 * @param remark whom it belongs to, and what others should know of it; said by {@link StorageServers#remark} alone
 */
public record StorageServer(
        String name,
        String type,
        String address,
        String managementAddress,
        String exportRoot,
        String hostKey,
        Remark remark) {

    public StorageServer {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(address);
        Objects.requireNonNull(managementAddress);
        Objects.requireNonNull(exportRoot);
        Objects.requireNonNull(remark);
    }

    /** Nobody said anything of it. */
    public StorageServer(
            String name, String type, String address, String managementAddress, String exportRoot, String hostKey) {
        this(name, type, address, managementAddress, exportRoot, hostKey, Remark.NONE);
    }

    /** The same, of which people say that. */
    public StorageServer remarked(Remark other) {
        return new StorageServer(name, type, address, managementAddress, exportRoot, hostKey, other);
    }
}
