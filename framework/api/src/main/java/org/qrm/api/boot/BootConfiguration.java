package org.qrm.api.boot;

import java.util.List;
import java.util.Objects;
import org.qrm.api.QrmException;
import org.qrm.api.image.Loader;

/**
 * What a machine boots. The text for a boot loader is rendered from it.
 *
 * @param bootImage name of the boot image that the files are of
 * @param loader LINUX: the first module is the kernel, the others initrds; MULTIBOOT: the first is the hypervisor, then
 *     its modules in order (kernel, initrd)
 * @param modules at least one, at most 8
 */
public record BootConfiguration(String bootImage, Loader loader, List<BootModule> modules) {
    public BootConfiguration {
        Objects.requireNonNull(bootImage);
        Objects.requireNonNull(loader);
        modules = List.copyOf(modules);
        if (modules.isEmpty() || modules.size() > 8) {
            throw QrmException.invalid(
                    "set boot configuration", bootImage, modules.size() + " modules", "Give 1 to 8.");
        }
    }
}
