package org.qrm.core.environment;

import java.util.ArrayList;
import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;

/** What a boot image boots with unless a listener changes it: pure functions. */
public final class BootPlan {

    /**
     * Messages go to the screen and to the first serial line, whichever an operator looks at; a kernel that cannot go on, as one
     * whose initrd broke off because the server ended, starts over after a minute.
     */
    private static final List<String> FIRST = List.of("console=tty0", "console=ttyS0,115200n8", "panic=60");

    private BootPlan() {}

    /** The idle environment: also what a machine that nobody knows boots. */
    public static BootConfiguration idle(BootImage image) {
        return of(image, List.of());
    }

    /**
     * Kernel with the network parameters and the given arguments, initrds; a hypervisor in front of them if the image
     * is so loaded.
     *
     * @throws QrmException kind CONFLICT when the image lacks a file
     */
    public static BootConfiguration of(BootImage image, List<String> arguments) {
        List<BootModule> modules = new ArrayList<>();
        if (image.loader() == Loader.MULTIBOOT) {
            modules.add(new BootModule(file(image, BootFile.Role.HYPERVISOR), List.of(), false));
        }
        List<String> line = new ArrayList<>(FIRST);
        line.addAll(arguments);
        modules.add(new BootModule(file(image, BootFile.Role.KERNEL), line, true));
        modules.add(new BootModule(file(image, BootFile.Role.INITRD), List.of(), false));
        return new BootConfiguration(image.name(), image.loader(), modules);
    }

    private static String file(BootImage image, BootFile.Role role) {
        return image.file(role)
                .map(BootFile::name)
                .orElseThrow(() -> QrmException.conflict(
                        "boot from image",
                        image.name(),
                        "it has no " + role.name().toLowerCase(java.util.Locale.ROOT),
                        "Add the file to the boot image."));
    }
}
