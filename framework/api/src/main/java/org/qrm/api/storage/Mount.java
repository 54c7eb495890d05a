package org.qrm.api.storage;

/**
 * What a machine mounts, and how.
 *
 * @param type storage type, {@code nfs}
 * @param source {@code 10.77.0.2:/export/web1}
 * @param options {@code vers=3,tcp,nolock}
 */
public record Mount(String type, String source, String options) {}
