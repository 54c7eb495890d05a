package org.qrm.api.storage;

/**
 * What a storage server was found to be.
 *
 * @param implementation {@code kernel NFS server}, {@code NFS-Ganesha 4.3}
 * @param freeBytes room left below the export root
 */
public record StorageFacts(String implementation, long freeBytes) {}
