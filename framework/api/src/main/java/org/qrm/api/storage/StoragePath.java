package org.qrm.api.storage;

import java.util.regex.Pattern;

/**
 * What a path on a storage server may be: one that needs no quoting anywhere, not in exports(5), not in a configuration of
 * NFS-Ganesha, not among the mount options of a machine. Absolute, not the root itself, of letters, digits and
 * {@code . _ + @ -}; no part of it begins with a dot, as storage types keep what is theirs in such directories.
 */
public final class StoragePath {

    /** Characters that it may have. */
    public static final int LONGEST = 900;

    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_+@-][A-Za-z0-9._+@-]{0,254}){1,32}");

    private StoragePath() {}

    /** Whether it is one. */
    public static boolean isOne(String text) {
        return text != null && text.length() <= LONGEST && PLAIN.matcher(text).matches();
    }
}
