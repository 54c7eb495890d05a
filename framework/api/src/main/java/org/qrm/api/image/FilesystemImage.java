package org.qrm.api.image;

import java.util.Objects;
import org.qrm.api.Remark;

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
 * @param remark whom it belongs to, and what others should know of it
 */
public record FilesystemImage(
        String name,
        String storageServer,
        String path,
        State state,
        String reason,
        long sizeBytes,
        String plugin,
        String description,
        Remark remark) {

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
        Objects.requireNonNull(remark);
    }

    /** Nobody said anything of it. */
    public FilesystemImage(
            String name,
            String storageServer,
            String path,
            State state,
            String reason,
            long sizeBytes,
            String plugin,
            String description) {
        this(name, storageServer, path, state, reason, sizeBytes, plugin, description, Remark.NONE);
    }

    /** The same, of which people say that. */
    public FilesystemImage remarked(Remark other) {
        return new FilesystemImage(name, storageServer, path, state, reason, sizeBytes, plugin, description, other);
    }
}
