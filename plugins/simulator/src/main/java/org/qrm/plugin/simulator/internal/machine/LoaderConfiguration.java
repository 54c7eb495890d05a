package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What PXELINUX makes of a configuration: the default label's files and the arguments of the kernel that Linux sees.
 *
 * @param local whether to start from the local disk
 * @param files what to load, in order; of a partition without the server
 * @param parameters {@code key=value} arguments of the kernel
 */
record LoaderConfiguration(boolean local, List<URI> files, Map<String, String> parameters) {

    /** @throws IllegalArgumentException when it is none that PXELINUX could boot */
    static LoaderConfiguration parse(String text) {
        Map<String, String> lines = defaultLabel(text);
        if (lines.containsKey("LOCALBOOT")) {
            return new LoaderConfiguration(true, List.of(), Map.of());
        }
        String kernel = lines.get("KERNEL");
        if (kernel == null) {
            throw new IllegalArgumentException("the default label has neither KERNEL nor LOCALBOOT");
        }
        return kernel.equals("mboot.c32") ? multiboot(lines) : linux(kernel, lines);
    }

    /**
     * The same from the lines that a host gets for its partition (docs/node-protocol.md, /boot/configuration).
     *
     * @throws IllegalArgumentException when it is none that a partition could boot
     */
    static LoaderConfiguration parseForPartition(String text) {
        Lines lines = Lines.parse(text.getBytes(StandardCharsets.UTF_8));
        switch (lines.get("loader")) {
            case "linux" -> {
                List<URI> files = new ArrayList<>();
                Stream.concat(lines.all("kernel").stream(), lines.all("initrd").stream())
                        .map(URI::create)
                        .forEach(files::add);
                return new LoaderConfiguration(false, files, parameters(String.join(" ", lines.all("argument"))));
            }
            case "multiboot" ->
                throw new IllegalArgumentException("the boot image " + lines.get("image")
                        + " is for machines: a partition cannot start a hypervisor of its own");
            case "local" ->
                throw new IllegalArgumentException("it is to start from its local disk; a partition has none");
            default ->
                throw new IllegalArgumentException(
                        "the configuration names no loader that is known: '" + lines.get("loader") + "'");
        }
    }

    private static Map<String, String> defaultLabel(String text) {
        String wanted = null;
        String label = null;
        Map<String, String> found = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] words = line.strip().split(" +", 2);
            String value = words.length > 1 ? words[1].strip() : "";
            switch (words[0]) {
                case "DEFAULT" -> wanted = value;
                case "LABEL" -> label = value;
                default -> {
                    if (wanted != null && wanted.equals(label)) {
                        found.put(words[0], value);
                    }
                }
            }
        }
        return found;
    }

    private static LoaderConfiguration linux(String kernel, Map<String, String> lines) {
        List<URI> files = new ArrayList<>();
        files.add(URI.create(kernel));
        for (String initrd : lines.getOrDefault("INITRD", "").split(",")) {
            if (!initrd.isEmpty()) {
                files.add(URI.create(initrd));
            }
        }
        return new LoaderConfiguration(false, files, parameters(lines.getOrDefault("APPEND", "")));
    }

    /** mboot.c32: modules between {@code ---}, a file and its arguments each; the second one is the kernel. */
    private static LoaderConfiguration multiboot(Map<String, String> lines) {
        List<URI> files = new ArrayList<>();
        Map<String, String> parameters = Map.of();
        for (String module : lines.getOrDefault("APPEND", "").split(" --- ")) {
            String[] fileAndArguments = module.strip().split(" +", 2);
            files.add(URI.create(fileAndArguments[0]));
            if (files.size() == 2 && fileAndArguments.length > 1) {
                parameters = parameters(fileAndArguments[1]);
            }
        }
        return new LoaderConfiguration(false, files, parameters);
    }

    private static Map<String, String> parameters(String arguments) {
        Map<String, String> parameters = new HashMap<>();
        for (String argument : arguments.split(" +")) {
            int equals = argument.indexOf('=');
            if (equals > 0) {
                parameters.put(argument.substring(0, equals), argument.substring(equals + 1));
            }
        }
        return parameters;
    }

    /** @throws IllegalArgumentException when it is not there */
    String required(String parameter) {
        String value = parameters.get(parameter);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the kernel's line lacks " + parameter);
        }
        return value;
    }
}
