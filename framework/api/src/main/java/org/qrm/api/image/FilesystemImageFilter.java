package org.qrm.api.image;

/**
 * Which filesystem images are wanted; null means any.
 *
 * @param state in this state
 * @param storageServer kept by this storage server
 */
public record FilesystemImageFilter(FilesystemImage.State state, String storageServer) {

    /** All filesystem images. */
    public static final FilesystemImageFilter ALL = new FilesystemImageFilter(null, null);
}
