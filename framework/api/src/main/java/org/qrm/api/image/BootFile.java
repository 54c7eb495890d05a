package org.qrm.api.image;

import java.util.Objects;

/**
 * One file of a boot image.
 *
 * @param name file name without a path
 * @param role what the boot loader does with it
 * @param size bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record BootFile(String name, Role role, long size, String sha256) {

    /** What a file is for. */
    public enum Role {
        HYPERVISOR,
        KERNEL,
        INITRD,
        /** Carried along: kernel modules, a configuration, a licence. */
        OTHER
    }

    public BootFile {
        Objects.requireNonNull(name);
        Objects.requireNonNull(role);
        Objects.requireNonNull(sha256);
    }
}
