package org.qrm.core.environment;

import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;

/**
 * What a machine cannot start whose firmware starts only what is signed. Its signed boot loader reads files by TFTP that are the
 * same for all, so the kernel of the idle environment is the only one that it is given, and it loads no hypervisor at all.
 */
final class SecureBoot {

    /** In the column {@code details} of a machine where it is on; quotes inside of a value are escaped there. */
    static final String PATTERN = "%\"" + Hardware.SECURE_BOOT + "\":\"on\"%";

    private SecureBoot() {}

    /** Whether the environment wants more than the kernel of the idle environment, as far as it says so itself. */
    static boolean isInTheWayOf(EnvironmentSpec spec) {
        return !spec.bootImage().equals(BootImage.DEFAULT)
                || !spec.kernelArguments().isEmpty();
    }

    /** Why the machine cannot take the environment; empty if that is not for Secure Boot. */
    static String objection(EnvironmentSpec spec, Resource resource) {
        if (!isOn(resource) || !isInTheWayOf(spec)) {
            return "";
        }
        return spec.partitioning() == null
                ? "Secure Boot is on in its firmware: it starts with the boot image " + BootImage.DEFAULT
                        + " and without kernel arguments only"
                : "Secure Boot is on in its firmware, and the hypervisor of a host of " + spec.partitioning()
                        + " is not signed";
    }

    /**
     * Looks at what it is to boot when all listeners have had their say.
     *
     * @param idle what it boots when it is idle
     * @throws QrmException kind REFUSED
     */
    static void check(String environment, Resource resource, BootConfiguration planned, BootConfiguration idle) {
        if (isOn(resource) && !planned.equals(idle)) {
            throw QrmException.refused(
                    EnvironmentAction.START.attempt(),
                    environment,
                    "Secure Boot is on in the firmware of " + resource.name() + ", and "
                            + (planned.loader() == Loader.MULTIBOOT
                                    ? "the hypervisor of " + planned.bootImage() + " is not signed"
                                    : "only the boot image " + BootImage.DEFAULT
                                            + " without kernel arguments starts so"),
                    "Switch Secure Boot off in its firmware, or start it on another machine.");
        }
    }

    private static boolean isOn(Resource resource) {
        return "on".equals(resource.hardware().details().get(Hardware.SECURE_BOOT));
    }
}
