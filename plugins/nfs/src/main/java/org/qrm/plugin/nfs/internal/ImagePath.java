package org.qrm.plugin.nfs.internal;

import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * Paths on a storage server that need no quoting anywhere: not in exports(5), not in ganesha's configuration, not among the
 * mount options of a kernel command line.
 */
final class ImagePath {

    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_+@-][A-Za-z0-9._+@-]{0,254}){1,32}");

    private ImagePath() {}

    /** The path, if it is absolute, normalised and of harmless characters, and no part of it is hidden. */
    static String plain(String noun, String path) {
        if (path == null || path.length() > 900 || !PLAIN.matcher(path).matches()) {
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
