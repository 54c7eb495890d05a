package org.qrm.api.image;

import java.util.Objects;

/**
 * A root file system on a storage server.
 *
 * @param name unique, never changed
 * @param storageServer name of the server that keeps it
 * @param path absolute path on that server, below its export root
 * @param state whether it can be used
 * @param reason why it is in state ERROR, else empty
 * @param sizeBytes as last measured, 0 while unknown
 * @param plugin the plug-in that made it, or null
 * @param description for people, may be empty
 */
public record FilesystemImage(
        String name,
        String storageServer,
        String path,
        State state,
        String reason,
        long sizeBytes,
        String plugin,
        String description) {

    /** Whether an image can be used. */
    public enum State {
        CREATING,
        READY,
        ERROR,
        REMOVING
    }

    public FilesystemImage {
        Objects.requireNonNull(name);
        Objects.requireNonNull(storageServer);
        Objects.requireNonNull(path);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(description);
    }
}
