package org.qrm.netboot.internal;

import java.util.ArrayList;
import java.util.List;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.boot.KernelArgument;
import org.qrm.api.node.BootOrder;

/**
 * What all boot loaders' texts are made of. Names and arguments are checked here again, whoever made the order: an
 * argument is what {@link KernelArgument} says, a network parameter what stands for itself in every loader's text.
 */
final class BootText {

    private static final int MAX_ARGUMENT = 1024;
    private static final boolean[] PLAIN = plain();

    private BootText() {}

    /** Appends a file's path below the server's address. */
    static void appendPath(StringBuilder text, BootConfiguration configuration, BootModule module) {
        text.append("/boot/images/")
                .append(name(configuration.bootImage()))
                .append('/')
                .append(name(module.file()));
    }

    /**
     * The arguments of a module's line: ours first, by which the machine finds its server.
     *
     * @throws QrmException FAILED when one of them can not stand there
     */
    static List<String> arguments(BootOrder order, BootModule module) {
        List<String> all = new ArrayList<>();
        if (module.networkParameters()) {
            order.networkParameters().forEach(parameter -> all.add(plain(parameter)));
        }
        module.arguments().forEach(argument -> all.add(checked(argument)));
        return all;
    }

    private static String checked(String argument) {
        try {
            return KernelArgument.checked(argument);
        } catch (QrmException unusable) {
            throw unusable(argument, unusable.problem().reason());
        }
    }

    private static String name(String text) {
        if (!BootPaths.isName(text)) {
            throw unusable(text, "it is no name");
        }
        return text;
    }

    /** The text itself, if every character of it stands for itself. */
    private static String plain(String text) {
        boolean usable = !text.isEmpty() && text.length() <= MAX_ARGUMENT;
        for (int i = 0; usable && i < text.length(); i++) {
            char c = text.charAt(i);
            usable = c < PLAIN.length && PLAIN[c];
        }
        if (!usable) {
            throw unusable(text, "it has characters that a boot loader would interpret, or is empty or too long");
        }
        return text;
    }

    private static boolean[] plain() {
        boolean[] plain = new boolean[128];
        String allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + "_.,:;=/@+%~!*()[]-";
        allowed.chars().forEach(c -> plain[c] = true);
        return plain;
    }

    private static QrmException unusable(String text, String reason) {
        return QrmException.failed(
                "answer a boot loader",
                Name.printable(text),
                reason,
                "Correct the kernel arguments of the virtual environment, or the plug-in that set them.",
                null);
    }
}
