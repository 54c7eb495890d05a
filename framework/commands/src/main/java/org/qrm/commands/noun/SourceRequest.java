package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.QrmException;
import org.qrm.api.image.ImageSource;
import org.qrm.commands.About;
import org.qrm.commands.Words;

/** Where the content of a new filesystem image comes from, as it is asked for. */
record SourceRequest(
        @About("existing: the directory as it is; empty; system: a running machine over SSH; archive: a tar file on"
                + " the storage server; debootstrap: a fresh Debian")
        Type type,

        @About(value = "system: its IPv4 address or host name", optional = true, most = 253)
        String address,

        @About(value = "system: its SSH host key, \"type base64\"; the first one offered unless given", optional = true)
        String hostKey,

        @About(value = "archive: absolute path on the storage server", optional = true, most = 4096)
        String path,

        @About(value = "debootstrap: the release, bookworm", optional = true, most = 63)
        String suite,

        @About(value = "debootstrap: packages beside the minimal base", optional = true, most = 200)
        List<String> packages) {

    enum Type {
        EXISTING,
        EMPTY,
        SYSTEM,
        ARCHIVE,
        DEBOOTSTRAP
    }

    ImageSource source() {
        only(Type.SYSTEM, "address", address);
        only(Type.SYSTEM, "hostKey", hostKey);
        only(Type.ARCHIVE, "path", path);
        only(Type.DEBOOTSTRAP, "suite", suite);
        only(Type.DEBOOTSTRAP, "packages", packages);
        return switch (type) {
            case EXISTING -> new ImageSource.Existing();
            case EMPTY -> new ImageSource.Empty();
            case SYSTEM -> new ImageSource.System(needed("address", address), hostKey);
            case ARCHIVE -> new ImageSource.Archive(needed("path", path));
            case DEBOOTSTRAP ->
                new ImageSource.Debootstrap(needed("suite", suite), Objects.requireNonNullElse(packages, List.of()));
        };
    }

    private void only(Type owner, String field, Object value) {
        if (value != null && type != owner) {
            throw QrmException.invalid(
                    "read the request",
                    "source." + field,
                    "this field belongs to type " + Words.of(owner),
                    "Leave it out.");
        }
    }

    private static String needed(String field, String value) {
        if (value == null) {
            throw QrmException.invalid(
                    "read the request", "source." + field, "this field is missing", "Give it a value.");
        }
        return value;
    }
}
