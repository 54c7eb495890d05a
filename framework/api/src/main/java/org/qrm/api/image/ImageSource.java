package org.qrm.api.image;

import java.util.List;

/**
 * Where the content of a filesystem image comes from. There may be more in a later release: a storage type refuses what it does not know.
 */
public sealed interface ImageSource {

    /** A directory that is on the storage server already; it is taken as it is. */
    record Existing() implements ImageSource {}

    /** An empty directory. */
    record Empty() implements ImageSource {}

    /**
     * The root file system of a running machine, copied over SSH.
     *
     * @param address IPv4 address or host name of the source system
     * @param hostKey its public SSH host key ({@code type base64}), or null to accept and pin what it offers first
     */
    record System(String address, String hostKey) implements ImageSource {}

    /** A tar archive (plain, gz, xz or zst) that lies on the storage server, by absolute path. */
    record Archive(String path) implements ImageSource {}

    /**
     * A fresh Debian, made on the storage server with debootstrap.
     *
     * @param suite {@code bookworm}
     * @param packages added to the minimal base
     */
    record Debootstrap(String suite, List<String> packages) implements ImageSource {
        public Debootstrap {
            packages = List.copyOf(packages);
        }
    }
}
