package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.boot.KernelArgument;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;

/**
 * Holds what is accepted as a kernel argument against what PXELINUX, mboot.c32, GRUB, the kernel and the machine's shell
 * make of it. Each of them is a model here, written after its source; the definition itself is not looked at.
 */
public class KernelArgumentPropertyTest {

    private static final long SEED = Long.getLong("qrm.seed", 20261129);
    private static final int TRIES = 20_000;
    private static final String INITRD = "http://10.77.0.1:8080/boot/images/default/initrd.img";
    private static final List<String> OURS =
            List.of("qrm.server=https://10.77.0.1:8443", "qrm.mac=52:54:00:aa:00:01", "qrm.token=AZ-_x=");
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "=",
            "=",
            "\"",
            "\"",
            " ",
            "  ",
            "'",
            "\\",
            "$",
            "&",
            "?",
            ";",
            "#",
            "|",
            "<",
            ">",
            "{",
            "}",
            "`",
            "!",
            "%",
            "^",
            "~",
            ",",
            ".",
            "(",
            ")",
            "[",
            "]",
            "*",
            "/",
            "@",
            "+",
            ":",
            "_",
            "-",
            "---",
            "--",
            "initrd=",
            "qrm.",
            "qrm.token=x",
            "BOOT_IMAGE=",
            "rdinit=",
            "initrdmem=",
            "quiet",
            "\\x41",
            "$(x)",
            "${x}",
            "\n",
            "\t",
            "\0",
            "\u007f",
            "é",
            "\u202e");

    private final PxelinuxConfiguration pxelinux = new PxelinuxConfiguration("http://10.77.0.1:8080");
    private final GrubConfiguration grub = new GrubConfiguration("10.77.0.1", 8080);

    @Test
    public void whatIsAcceptedArrivesAsItWasMeantAndWhatIsRefusedCouldNot() {
        System.out.println("KernelArgumentPropertyTest: -Dqrm.seed=" + SEED);
        Random random = new Random(SEED);
        int accepted = 0;
        for (int i = 0; i < TRIES; i++) {
            String given = generate(random);
            boolean accepts = accepts(given);
            assertEquals(shown(given), works(given), accepts);
            if (accepts) {
                accepted++;
                arrives(given);
            }
        }
        assertTrue("too few were accepted to tell: " + accepted, accepted > TRIES / 100);
    }

    private static String generate(Random random) {
        StringBuilder text = new StringBuilder();
        for (int pieces = random.nextInt(7); pieces >= 0; pieces--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return random.nextInt(4) == 0 ? "p=\"" + text + '"' : text.toString();
    }

    private static boolean accepts(String given) {
        try {
            KernelArgument.checked(given);
            return true;
        } catch (QrmException refused) {
            return false;
        }
    }

    /** Through the renderers, as a machine would boot it. */
    private void arrives(String given) {
        for (Loader loader : Loader.values()) {
            BootOrder order = order(loader, given);
            List<String> lines =
                    List.of(pxelinuxLine(pxelinux.render(order), loader), grubLine(grub.render(order), loader));
            for (String line : lines) {
                assertTrue(shown(given) + " on " + line, isDelivered(line, given));
            }
        }
    }

    private static BootOrder order(Loader loader, String given) {
        List<BootModule> modules = new ArrayList<>();
        if (loader == Loader.MULTIBOOT) {
            modules.add(new BootModule("xen.gz", List.of("dom0_mem=512M"), false));
        }
        modules.add(new BootModule("vmlinuz", List.of("console=tty0", given), true));
        modules.add(new BootModule("initrd.img", List.of(), false));
        return new BootOrder(new BootConfiguration("default", loader, modules), OURS);
    }

    /** Whether there is any way at all to write it, so that each loader delivers it. */
    private static boolean works(String given) {
        boolean banned = words(given.replace("\"", "")).stream()
                .anyMatch(word -> word.equals("-")
                        || word.equals("---")
                        || word.startsWith("BOOT_IMAGE=")
                        || word.startsWith("rdinit=")
                        || word.startsWith("initrdmem=")
                        || word.startsWith("qrm."));
        if (banned || !given.chars().allMatch(c -> c >= ' ' && c <= '~') || given.isBlank() || !isOne(given)) {
            return false;
        }
        String bare = given.replace("\"", "");
        return List.of(given, bare, '"' + bare + '"').stream().anyMatch(written -> deliverAll(written, given));
    }

    /** What a person gives is one argument to the kernel, and its quotes are around it or a value. */
    private static boolean isOne(String given) {
        List<String> read = kernel(given);
        return (given.indexOf('"') < 0 || given.endsWith("\""))
                && given.chars().filter(c -> c == '"').count() % 2 == 0
                && read.size() == 1
                && !read.get(0).isBlank();
    }

    private static boolean deliverAll(String written, String given) {
        String ours = String.join(" ", OURS) + " console=tty0";
        String append = ours + " " + written;
        boolean byPxelinux = isDelivered(pxelinuxLinux(append), given);
        List<String> modules = mboot("X dom0_mem=512M --- K " + append + " --- " + INITRD);
        boolean byMboot = modules.size() == 3 && isDelivered(modules.get(1), given);
        boolean byGrub = List.of(written, written.replace("\"", "")).stream()
                .anyMatch(each ->
                        each.indexOf('\'') < 0 && isDelivered("BOOT_IMAGE=K " + ours + " " + grubEscaped(each), given));
        return byPxelinux && byMboot && byGrub;
    }

    /** The kernel reads ours, the argument as it would alone, and nothing else; the machine's shell finds what is ours. */
    private static boolean isDelivered(String line, String given) {
        List<String> read = new ArrayList<>(kernel(line));
        read.removeIf(argument ->
                argument.startsWith("BOOT_IMAGE=") || argument.equals("initrd=" + INITRD) || argument.equals("K"));
        List<String> expected = new ArrayList<>(OURS);
        expected.add("console=tty0");
        expected.addAll(kernel(given));
        return read.equals(expected)
                && OURS.stream()
                        .allMatch(our -> shellFinds(line, our.substring(0, our.indexOf('=')))
                                .equals(our));
    }

    /** framework/node's command_line_value: the last word that begins so. */
    private static String shellFinds(String line, String key) {
        return words(line).stream().filter(word -> word.startsWith(key + "=")).reduce("", (one, other) -> other);
    }

    /** Linux, lib/cmdline.c next_arg: blanks end an argument outside double quotes; those around it or its value go. */
    private static List<String> kernel(String line) {
        List<String> arguments = new ArrayList<>();
        int i = 0;
        while (i < line.length()) {
            while (i < line.length() && line.charAt(i) == ' ') {
                i++;
            }
            if (i == line.length()) {
                break;
            }
            boolean quoted = line.charAt(i) == '"';
            boolean in = quoted;
            int start = quoted ? ++i : i;
            while (i < line.length() && (in || line.charAt(i) != ' ')) {
                in ^= line.charAt(i++) == '"';
            }
            arguments.add(unquoted(line.substring(start, i), quoted));
        }
        return arguments;
    }

    private static String unquoted(String argument, boolean quoted) {
        int equals = argument.indexOf('=');
        boolean valueQuoted = equals > 0 && argument.startsWith("\"", equals + 1);
        String rest = valueQuoted ? argument.substring(0, equals + 1) + argument.substring(equals + 2) : argument;
        return (quoted || valueQuoted) && rest.endsWith("\"") ? rest.substring(0, rest.length() - 1) : rest;
    }

    /** PXELINUX, com32/elflink/ldlinux: the label's line, and the first initrd= in any place of it is loaded. */
    private static String pxelinuxLinux(String append) {
        String line = "BOOT_IMAGE=K " + append.stripLeading() + " initrd=" + INITRD;
        int found = line.indexOf("initrd=");
        return line.indexOf(INITRD) == found + "initrd=".length() ? line : "another initrd";
    }

    /** mboot.c32, as com32/lib/sys/argv.c hands it its line: words, modules between those that are ---, one blank between. */
    private static List<String> mboot(String append) {
        List<List<String>> modules = new ArrayList<>(List.of(new ArrayList<>()));
        for (String word : words(append)) {
            if (word.equals("---")) {
                modules.add(new ArrayList<>());
            } else {
                modules.get(modules.size() - 1).add(word);
            }
        }
        return modules.stream().map(module -> String.join(" ", module)).toList();
    }

    private static String pxelinuxLine(String text, Loader loader) {
        String append = text.lines()
                .filter(line -> line.startsWith("  APPEND "))
                .findFirst()
                .orElseThrow()
                .substring(9);
        if (loader == Loader.LINUX) {
            return pxelinuxLinux(append);
        }
        String line = mboot(append).get(1);
        return line.substring(line.indexOf(' ') + 1);
    }

    /** GRUB: arguments in single quotes, then grub-core/lib/cmdline.c. */
    private static String grubLine(String text, Loader loader) {
        String command = text.lines()
                .filter(line -> line.startsWith(loader == Loader.LINUX ? "if linux " : "if module2 "))
                .findFirst()
                .orElseThrow();
        List<String> arguments = new ArrayList<>();
        String[] parts = command.split("'", -1);
        for (int i = 1; i < parts.length; i += 2) {
            assertTrue(command, i + 2 == parts.length || parts[i + 1].equals(" "));
            arguments.add(grubEscaped(parts[i]));
        }
        return "BOOT_IMAGE=K " + String.join(" ", arguments);
    }

    /** Only new ones leave a backslash alone that stands before x and two hexadecimal digits. */
    private static String grubEscaped(String argument) {
        String escaped = argument.replaceAll("([\\\\'\"])", "\\\\$1");
        return argument.indexOf(' ') < 0 ? escaped : '"' + escaped + '"';
    }

    private static List<String> words(String line) {
        return List.of(line.split("[\0- ]+")).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String shown(String given) {
        return given.codePoints()
                .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : String.format("\\u%04x", c))
                .collect(Collectors.joining("", "[", "]"));
    }
}
