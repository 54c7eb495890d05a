package org.qrm.plugin.nfs.internal;

import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.storage.StoragePath;

/** Paths of images on a storage server. */
final class ImagePath {

    private ImagePath() {}

    /** The path, if it is absolute, normalised and of harmless characters, and no part of it is hidden. */
    static String plain(String noun, String path) {
        if (!StoragePath.isOne(path)) {
            throw QrmException.invalid(
                    "use the " + noun,
                    Name.printable(path),
                    "it must be absolute, of letters, digits and . _ + @ -, and no part of it may start with a dot",
                    "Choose another path.");
        }
        return path;
    }

    /** The path, if it is also below the root, which itself is not. */
    static String below(String root, String path) {
        plain("export root", root);
        plain("image path", path);
        if (!path.startsWith(root + "/")) {
            throw QrmException.invalid(
                    "use the image path", path, "it is not below the export root " + root, "Choose a path below it.");
        }
        return path;
    }
}
