package org.qrm.netboot.internal;

import java.util.List;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;

/**
 * What all boot loaders' texts are made of. Names and arguments are checked here again, whoever made the order: only
 * characters that stand for themselves on a kernel's line get into the text.
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
     * Appends the arguments of a module's line, each with a space and a quote (or nothing) around it.
     *
     * @param quote empty, or what stands before and after each argument
     */
    static void appendArguments(StringBuilder text, BootOrder order, BootModule module, String quote) {
        Loader loader = order.configuration().loader();
        appendArguments(text, module.arguments(), quote, loader);
        if (module.networkParameters()) {
            appendArguments(text, order.networkParameters(), quote, loader);
        }
    }

    private static void appendArguments(StringBuilder text, List<String> arguments, String quote, Loader loader) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (loader == Loader.LINUX && argument.startsWith("initrd=")) {
                throw unusable(argument, "the boot loader would load another initrd");
            }
            if (argument.equals("---") || argument.equals("-")) {
                throw unusable(argument, "it means something to the boot loader");
            }
            text.append(' ').append(quote).append(plain(argument)).append(quote);
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
