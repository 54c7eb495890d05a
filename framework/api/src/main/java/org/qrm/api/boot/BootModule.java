package org.qrm.api.boot;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * A file that a boot loader loads, with the arguments on its line.
 *
 * @param file name of a file of the boot image
 * @param arguments one kernel argument each; letters, digits and {@code _.,:;=/@+%~!*()[]-}, at most 256 characters
 * @param networkParameters whether the parameters by which a machine finds its server (address, boot token, …) are
 *     put on this module's line when the configuration is answered
 */
public record BootModule(String file, List<String> arguments, boolean networkParameters) {

    private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z0-9_.,:;=/@+%~!*()\\[\\]-]{1,256}");

    public BootModule {
        Name.checked("set boot configuration", "boot file", file);
        Objects.requireNonNull(arguments);
        arguments = arguments.stream().map(BootModule::checkedArgument).toList();
    }

    /**
     * Returns the argument if it can stand on a kernel's line in every boot loader's syntax.
     *
     * @throws QrmException kind INVALID
     */
    public static String checkedArgument(String argument) {
        if (argument == null || !ARGUMENT.matcher(argument).matches()) {
            throw QrmException.invalid(
                    "set kernel argument",
                    Name.printable(argument),
                    "it has characters that a boot loader would interpret, or is longer than 256",
                    "Give one argument at a time, of letters, digits and _.,:;=/@+%~!*()[]-");
        }
        return argument;
    }
}
