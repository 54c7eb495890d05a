package org.qrm.api.image;

import java.time.Instant;
import java.util.Objects;

/**
 * The content of a filesystem image as it was once, kept by the storage server under a name.
 *
 * @param name unique among those of its image, never changed
 * @param state whether the image can be given that content again
 * @param reason why it is in state ERROR, else empty
 * @param taken when it was, or null until it is READY
 * @param description for people, may be empty
 */
public record ImageSnapshot(
        String name, FilesystemImage.State state, String reason, Instant taken, String description) {

    /** Those of one image. */
    public static final int MOST = 100;

    public ImageSnapshot {
        Objects.requireNonNull(name);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(description);
    }
}
