package org.qrm.api.storage;

import java.util.Objects;

/**
 * What a storage server was found to be.
 *
 * @param implementation {@code kernel NFS server}, {@code NFS-Ganesha 4.3}
 * @param freeBytes room left below the export root
 * @param warning what an administrator should know although it works, and what to do; empty for nothing
 */
public record StorageFacts(String implementation, long freeBytes, String warning) {

    public StorageFacts {
        Objects.requireNonNull(warning);
    }

    /** Of one about which there is nothing more to know. */
    public StorageFacts(String implementation, long freeBytes) {
        this(implementation, freeBytes, "");
    }
}
