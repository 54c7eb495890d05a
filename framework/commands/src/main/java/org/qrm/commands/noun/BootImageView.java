package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;
import org.qrm.commands.About;

/** A boot image as it is answered. */
record BootImageView(
        @About("its name, unique, never changed") String name,

        @About("linux: a kernel with an initrd; multiboot: a hypervisor with both as its modules")
        Loader loader,

        @About("what it consists of") List<FileView> files,

        @About(value = "the plug-in that made it", optional = true)
        String plugin,

        @About("for people, may be empty") String description,

        @About("whom it belongs to, empty when nobody said") String owner,

        @About(value = "what others should know of it, Markdown; empty for none, null in lists", optional = true)
        String note) {

    record FileView(
            @About("its name, without a path") String name,
            @About("what the boot loader does with it") BootFile.Role role,
            @About("bytes") long size,
            @About("64 hexadecimal digits") String sha256) {}

    static BootImageView of(BootImage image) {
        return new BootImageView(
                image.name(),
                image.loader(),
                image.files().stream()
                        .map(file -> new FileView(file.name(), file.role(), file.size(), file.sha256()))
                        .toList(),
                image.plugin(),
                image.description(),
                image.remark().owner(),
                image.remark().note());
    }

    /** As lists have it. */
    static BootImageView listed(BootImage image) {
        return of(image.remarked(image.remark().noted(null)));
    }
}
