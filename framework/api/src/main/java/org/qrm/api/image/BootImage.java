package org.qrm.api.image;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.qrm.api.Remark;

/**
 * Kernel, initrd and, for a host, the hypervisor.
 *
 * @param name unique, never changed
 * @param loader how it is started
 * @param files what it consists of
 * @param plugin the plug-in that made it, or null
 * @param description for people, may be empty
 * @param remark whom it belongs to, and what others should know of it
 */
public record BootImage(
        String name, Loader loader, List<BootFile> files, String plugin, String description, Remark remark) {

    /** The image that comes with the server: machines idle in it, and it boots any Linux root file system. */
    public static final String DEFAULT = "default";

    public BootImage {
        Objects.requireNonNull(name);
        Objects.requireNonNull(loader);
        files = List.copyOf(files);
        Objects.requireNonNull(description);
        Objects.requireNonNull(remark);
    }

    /** Nobody said anything of it. */
    public BootImage(String name, Loader loader, List<BootFile> files, String plugin, String description) {
        this(name, loader, files, plugin, description, Remark.NONE);
    }

    /** The same, of which people say that. */
    public BootImage remarked(Remark other) {
        return new BootImage(name, loader, files, plugin, description, other);
    }

    /** The first file with that role. */
    public Optional<BootFile> file(BootFile.Role role) {
        return files.stream().filter(file -> file.role() == role).findFirst();
    }
}
