package org.qrm.plugin.xen.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.boot.KernelArgument;

/**
 * How hosts are started (PID {@code org.qrm.xen}).
 *
 * @param dom0Memory MiB of the host's own system, fixed, 256..1048576
 * @param dom0Cpus virtual CPUs of the host's own system, 1..512; on a machine with fewer, as many as that has
 * @param console where the hypervisor writes: {@code com1}, {@code com2}, {@code vga}, separated by commas, or {@code none}
 * @param partitionType how partitions are virtualized: {@code pv}, {@code pvh} or {@code hvm}
 * @param hypervisorArguments added to the hypervisor's line
 * @param kernelArguments added to the dom0 kernel's line
 */
record HostOptions(
        int dom0Memory,
        int dom0Cpus,
        String console,
        String partitionType,
        List<String> hypervisorArguments,
        List<String> kernelArguments) {

    static final String PID = "org.qrm.xen";

    static final HostOptions DEFAULT = new HostOptions(512, 2, "com1,vga", "pv", List.of(), List.of());

    private static final Pattern CONSOLE = Pattern.compile("none|(com1|com2|vga)(,(com1|com2|vga)){0,2}");
    private static final Pattern TYPE = Pattern.compile("pv|pvh|hvm");

    /**
     * Reads a configuration; what it lacks is as in {@link #DEFAULT}.
     *
     * @throws QrmException INVALID, naming the property
     */
    static HostOptions parse(Map<String, ?> configuration) {
        return new HostOptions(
                number(configuration, "dom0Memory", DEFAULT.dom0Memory, 256, 1024 * 1024),
                number(configuration, "dom0Cpus", DEFAULT.dom0Cpus, 1, 512),
                word(configuration, "console", DEFAULT.console, CONSOLE, "com1, com2, vga (with commas) or none"),
                word(configuration, "partitionType", DEFAULT.partitionType, TYPE, "pv, pvh or hvm"),
                arguments(configuration, "hypervisorArguments"),
                arguments(configuration, "kernelArguments"));
    }

    /**
     * The hypervisor's line (Xen's docs/misc/xen-command-line).
     *
     * @param cpus of the machine; 0 if unknown
     */
    List<String> hypervisorLine(int cpus) {
        List<String> line = new ArrayList<>();
        line.add("dom0_mem=" + dom0Memory + "M,max:" + dom0Memory + "M");
        line.add("dom0_max_vcpus=" + (cpus > 0 ? Math.min(cpus, dom0Cpus) : dom0Cpus));
        for (String port : List.of("com1", "com2")) {
            if (console.contains(port)) {
                line.add(port + "=115200,8n1");
            }
        }
        line.add("console=" + console);
        line.add("loglvl=warning");
        line.add("guest_loglvl=warning");
        line.addAll(hypervisorArguments);
        return line;
    }

    private static int number(Map<String, ?> configuration, String name, int otherwise, int least, int most) {
        String text = text(configuration, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw invalid(name, text, "it is no number from " + least + " to " + most);
    }

    private static String word(
            Map<String, ?> configuration, String name, String otherwise, Pattern allowed, String choice) {
        String text = text(configuration, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!allowed.matcher(text).matches()) {
            throw invalid(name, text, "it is not " + choice);
        }
        return text;
    }

    private static List<String> arguments(Map<String, ?> configuration, String name) {
        String text = text(configuration, name);
        if (text.isEmpty()) {
            return List.of();
        }
        try {
            return KernelArgument.split(text).stream()
                    .map(KernelArgument::checked)
                    .toList();
        } catch (QrmException bad) {
            throw invalid(
                    name, text, bad.problem().subject() + ": " + bad.problem().reason());
        }
    }

    private static String text(Map<String, ?> configuration, String name) {
        Object value = configuration.get(name);
        return value == null ? "" : value.toString().strip();
    }

    private static QrmException invalid(String name, String text, String reason) {
        return QrmException.invalid(
                "configure Xen hosts",
                name + "=" + Name.printable(text),
                reason,
                "Correct it in etc/" + PID + ".cfg; it takes effect at once.");
    }
}
