package org.qrm.api.boot;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * A file that a boot loader loads, with the arguments on its line.
 *
 * @param file name of a file of the boot image
 * @param arguments one {@link KernelArgument} each, kept as it stands on the kernel's line
 * @param networkParameters whether the parameters by which a machine finds its server (address, boot token, …) are
 *     put on this module's line when the configuration is answered
 */
public record BootModule(String file, List<String> arguments, boolean networkParameters) {

    public BootModule {
        Name.checked("set boot configuration", "boot file", file);
        Objects.requireNonNull(arguments);
        arguments = arguments.stream().map(BootModule::checkedArgument).toList();
    }

    /**
     * Returns the argument as it stands on a kernel's line.
     *
     * @throws QrmException kind INVALID
     */
    public static String checkedArgument(String argument) {
        return KernelArgument.checked(argument);
    }
}
