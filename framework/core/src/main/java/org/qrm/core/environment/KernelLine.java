package org.qrm.core.environment;

import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;

/**
 * Whether all that boot loaders put on a kernel's line has room there: arguments of the environment and of listeners, the
 * network parameters, and what the loaders add by themselves.
 */
final class KernelLine {

    /** Octets that an x86 kernel takes (COMMAND_LINE_SIZE less the end), and PXELINUX for all modules together. */
    private static final int MOST = 2047;

    /** What an address of the server has at most: {@code http://255.255.255.255:65535/boot/images/}, and a slash. */
    private static final int ADDRESS = 42;

    /** The network parameters with the longest addresses, but for the boot image's name: BootOrders makes them. */
    static final int NETWORK = 290;

    private static final int ADDED_BY_LOADER = "BOOT_IMAGE= initrd=".length();

    private KernelLine() {}

    /**
     * Measures the longest line that may come of it.
     *
     * @throws QrmException kind INVALID
     */
    static void check(BootConfiguration configuration) {
        checkHypervisor(configuration);
        int octets = ADDED_BY_LOADER + NETWORK + configuration.bootImage().length();
        for (BootModule module : configuration.modules()) {
            octets +=
                    ADDRESS + configuration.bootImage().length() + module.file().length() + " --- ".length();
            octets +=
                    module.arguments().stream().mapToInt(it -> it.length() + 1).sum();
        }
        if (octets > MOST) {
            throw invalid(
                    configuration.bootImage(),
                    "its kernel's line may come to " + octets + " octets, and loaders and kernels take " + MOST,
                    "Shorten the kernel arguments of the virtual environment, or those that a plug-in adds.");
        }
    }

    /** Xen reads its own line without quotes, and gives what follows {@code --} to another (xen/common/kernel.c). */
    private static void checkHypervisor(BootConfiguration configuration) {
        if (configuration.loader() != Loader.MULTIBOOT) {
            return;
        }
        for (String argument : configuration.modules().get(0).arguments()) {
            if (argument.indexOf(' ') >= 0 || argument.equals("--")) {
                throw invalid(
                        argument,
                        "a hypervisor's line has no blanks in an argument, and no --",
                        "Correct the plug-in's settings.");
            }
        }
    }

    private static QrmException invalid(String subject, String reason, String remedy) {
        return QrmException.invalid("set boot configuration", subject, reason, remedy);
    }
}
