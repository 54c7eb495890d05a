package org.qrm.commands.noun;

import org.qrm.api.image.FilesystemImage;
import org.qrm.commands.About;
import org.qrm.commands.Restless;

/** A filesystem image as it is answered. */
record FilesystemImageView(
        @About("its name, unique, never changed") String name,
        @About("name of the storage server that keeps it") String storageServer,
        @About("absolute path on that server") String path,
        @About("whether it can be used") FilesystemImage.State state,
        @About("why it is in error, else empty") String reason,
        @About("bytes as last measured, 0 while unknown") long sizeBytes,

        @About(value = "the plug-in that made it", optional = true)
        String plugin,

        @About("for people, may be empty") String description,

        @About("whom it belongs to, empty when nobody said") String owner,

        @About(value = "what others should know of it, Markdown; empty for none, null in lists", optional = true)
        String note)
        implements Restless {

    @Override
    public Object calm() {
        return new FilesystemImageView(name, storageServer, path, null, "", 0, plugin, description, owner, note);
    }

    static FilesystemImageView of(FilesystemImage image) {
        return new FilesystemImageView(
                image.name(),
                image.storageServer(),
                image.path(),
                image.state(),
                image.reason(),
                image.sizeBytes(),
                image.plugin(),
                image.description(),
                image.remark().owner(),
                image.remark().note());
    }
}
