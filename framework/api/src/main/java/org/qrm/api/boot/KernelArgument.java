package org.qrm.api.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * What a kernel argument may be: that which PXELINUX and GRUB put on a kernel's line so that the kernel understands it as
 * it was meant. One definition, for whoever gives arguments, for listeners that add them, and for the texts of boot
 * loaders.
 *
 * <p>An argument is printable ASCII. A value may hold single blanks when it stands in double quotes, {@code a="b c"} or
 * {@code "a=b c"}. The other quote and the backslash are changed by GRUB (grub-core/lib/cmdline.c), and so can not be
 * given; {@code initrd=} in any place is what PXELINUX looks for (com32/elflink/ldlinux/kernel.c), {@code ---} and a lone
 * {@code -} are its words; {@code BOOT_IMAGE=} is set by both, and {@code qrm.} is what a machine finds its server by.
 */
public final class KernelArgument {

    /** Octets that the arguments of one virtual environment may have together, each with a blank before it. */
    public static final int MOST_TOGETHER = 900;

    /**
     * How many arguments of one virtual environment may be words alone, and how many different names without a dot. A kernel
     * hands those that it does not know to the first process, and panics at the 32nd (init/main.c, unknown_bootoption); some
     * places are taken by the kernel itself, a loader and plug-ins.
     */
    public static final int MOST_OF_A_KIND = 24;

    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

    private KernelArgument() {}

    /**
     * Returns the argument as it stands on a kernel's line: without quotes, or, if it has blanks, as a whole in double
     * quotes. The kernel reads that as it reads quotes around the value only.
     *
     * @throws QrmException kind INVALID, saying what is wrong with it
     */
    public static String checked(String given) {
        if (given == null || given.isEmpty()) {
            throw invalid(given, "it is empty");
        }
        if (given.length() > MOST_TOGETHER) {
            throw invalid(given, "it is longer than " + MOST_TOGETHER);
        }
        if (!PRINTABLE.matcher(given).matches()) {
            throw invalid(given, "it has characters other than printable ASCII");
        }
        if (given.indexOf('\'') >= 0 || given.indexOf('\\') >= 0) {
            throw invalid(given, "boot loaders change the characters ' and \\");
        }
        String bare = withoutQuotes(given);
        for (String word : bare.split(" ", -1)) {
            checkWord(given, word);
        }
        if (bare.contains("initrd=")) {
            throw invalid(given, "the boot loader would load another initrd");
        }
        return bare.indexOf(' ') < 0 ? bare : '"' + bare + '"';
    }

    private static String withoutQuotes(String given) {
        int first = given.indexOf('"');
        if (first < 0) {
            if (given.indexOf(' ') >= 0) {
                throw invalid(given, "it has a blank outside double quotes");
            }
            return given;
        }
        int last = given.length() - 1;
        boolean around = first == 0 || first > 1 && first == given.indexOf('=') + 1;
        if (!around || first == last || given.indexOf('"', first + 1) != last) {
            throw invalid(given, "double quotes stand around a value or around the whole argument");
        }
        String bare = given.substring(0, first) + given.substring(first + 1, last);
        if (bare.isBlank()) {
            throw invalid(given, "it is empty");
        }
        if (bare.contains("  ")) {
            throw invalid(given, "a boot loader makes one blank of several");
        }
        return bare;
    }

    private static void checkWord(String given, String word) {
        if (word.equals("---") || word.equals("-")) {
            throw invalid(given, "it means something to the boot loader");
        }
        if (word.startsWith("BOOT_IMAGE=")) {
            throw invalid(given, "the boot loader sets it");
        }
        if (word.startsWith("rdinit=") || word.startsWith("initrdmem=")) {
            throw invalid(given, "the kernel would not start what mounts the machine's image");
        }
        if (word.startsWith("qrm.")) {
            throw invalid(given, "a machine finds its server by the arguments qrm.*");
        }
    }

    /**
     * Checks the arguments of one virtual environment.
     *
     * @throws QrmException kind INVALID, naming the first that is none, or when they are too long together
     */
    public static void checkTogether(List<String> arguments) {
        int octets = 0;
        for (String argument : arguments) {
            octets += 1 + checked(argument).length();
        }
        if (octets > MOST_TOGETHER) {
            throw tooMuch(
                    octets + " octets",
                    "they are longer than " + MOST_TOGETHER + " together, and a kernel takes 2047 with ours");
        }
        int handedOn = arguments.contains("--") ? arguments.indexOf("--") : arguments.size();
        long words = arguments.size()
                - handedOn
                + arguments.stream()
                        .limit(handedOn)
                        .filter(each -> each.indexOf('=') < 0 && each.indexOf('.') < 0)
                        .count();
        long names = arguments.stream()
                .limit(handedOn)
                .map(each -> checked(each).replace("\"", ""))
                .filter(each -> each.indexOf('=') >= 0)
                .map(each -> each.substring(0, each.indexOf('=')))
                .filter(name -> name.indexOf('.') < 0)
                .distinct()
                .count();
        if (Math.max(words, names) > MOST_OF_A_KIND) {
            throw tooMuch(
                    Math.max(words, names) + (words > names ? " words" : " names"),
                    "a kernel panics when it is given 32 that it does not know, and takes " + MOST_OF_A_KIND
                            + " with ours for sure");
        }
    }

    private static QrmException tooMuch(String subject, String reason) {
        return QrmException.invalid(
                "set kernel arguments",
                subject,
                reason,
                "Leave some out, or put them into the image's own configuration.");
    }

    /** A line as people write it, in its arguments: at blanks that are not in double quotes. Each is still to be checked. */
    public static List<String> split(String line) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ' && !quoted) {
                if (!argument.isEmpty()) {
                    arguments.add(argument.toString());
                }
                argument.setLength(0);
            } else {
                quoted ^= c == '"';
                argument.append(c);
            }
        }
        if (!argument.isEmpty()) {
            arguments.add(argument.toString());
        }
        return arguments;
    }

    private static QrmException invalid(String given, String reason) {
        return QrmException.invalid(
                "set kernel argument",
                Name.printable(given),
                reason,
                "Give one argument at a time, of printable ASCII without ' and \\, blanks only in double quotes as in"
                        + " a=\"b c\", and none of initrd=, rdinit=, ---, -, BOOT_IMAGE= and qrm.*");
    }
}
