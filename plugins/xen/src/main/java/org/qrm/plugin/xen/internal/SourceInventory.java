package org.qrm.plugin.xen.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a source system has of what a Xen host needs.
 *
 * @param hypervisors file names in /boot, oldest first
 * @param kernels oldest first
 * @param networks its addresses with the prefix lengths of their networks
 * @param usedBytes what its root file system occupies
 * @param rsync whether it can be copied
 * @param systemd whether its first process is systemd
 * @param bootAway whether its /boot is a file system that is not mounted
 */
record SourceInventory(
        List<String> hypervisors,
        List<Kernel> kernels,
        List<Ipv4Network> networks,
        long usedBytes,
        boolean rsync,
        boolean systemd,
        boolean bootAway) {

    // what is not so named is not looked at: it ends up in commands and paths
    private static final Pattern HYPERVISOR = Pattern.compile("xen-[0-9][A-Za-z0-9.+_~-]{0,80}\\.gz");
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9.+_~-]{0,80}");

    // parts of names, as distributions form them: Debian -dbg -rt- -cloud- ~rc7 .dpkg-new, XCP-ng -d, Fedora and RHEL
    // +debug +rt .rt56. 0-rescue-, SUSE -debug -rt -kvmsmall, Ubuntu -realtime -aws, xen.org -unstable -rc2
    private static final Pattern NOT_WANTED =
            part("d|dbg|debug|debuginfo|rescue|kdump|syms|old|bak|orig|dpkg|rpmsave|rpmnew|rpmorig|hmac|sig");
    private static final Pattern EARLY_OR_SPECIAL = part(
            "rc[0-9]*|pre[0-9]*|alpha[0-9]*|beta[0-9]*|unstable|next|rt[0-9]*|realtime|cloud|kvm|kvmsmall|aws|azure|gcp|gke|ibm|oracle");

    private static Pattern part(String parts) {
        return Pattern.compile("[-_.+~](" + parts + ")([-_.+~]|$)");
    }

    /**
     * A kernel.
     *
     * @param version as {@code uname -r} says
     * @param dom0 {@code yes}, {@code no}, or {@code unknown} when its configuration is not there
     * @param modules whether its modules are there
     * @param file its path
     */
    record Kernel(String version, String dom0, boolean modules, String file) {

        boolean usable() {
            return !dom0.equals("no") && modules && !NOT_WANTED.matcher(version).find();
        }
    }

    SourceInventory {
        hypervisors = List.copyOf(hypervisors);
        kernels = List.copyOf(kernels);
        networks = List.copyOf(networks);
    }

    /** Reads what source.sh prints; the text is untrusted, and what is odd in it is left out. */
    static SourceInventory parse(String text) {
        List<String> hypervisors = new ArrayList<>();
        List<Kernel> kernels = new ArrayList<>();
        List<Ipv4Network> networks = new ArrayList<>();
        long used = 0;
        boolean rsync = false;
        boolean systemd = false;
        boolean bootAway = false;
        for (String line : text.split("\n")) {
            String[] pair = line.split("=", 2);
            String value = pair.length > 1 ? pair[1] : "";
            switch (pair[0]) {
                case "hypervisor" -> add(hypervisors, value);
                case "kernel" -> kernel(value).ifPresent(kernels::add);
                case "network" -> Ipv4Network.parse(value).ifPresent(networks::add);
                case "used-kib" -> used = value.matches("[0-9]{1,15}") ? Long.parseLong(value) * 1024 : 0;
                case "rsync" -> rsync = value.equals("yes");
                case "init" -> systemd = value.equals("systemd");
                case "boot" -> bootAway = value.equals("away");
                default -> {
                    // a greeting, or what a later version says
                }
            }
        }
        return new SourceInventory(hypervisors, kernels, networks, used, rsync, systemd, bootAway);
    }

    /** The newest hypervisor that is no test version, or else the newest. */
    Optional<String> hypervisor() {
        return newest(hypervisors);
    }

    /** The version of the newest kernel that can be that of dom0 and is no test version, for real time or for virtual machines, or else the newest. */
    Optional<String> kernel() {
        return newest(
                kernels.stream().filter(Kernel::usable).map(Kernel::version).toList());
    }

    private static Optional<String> newest(List<String> oldestFirst) {
        Optional<String> released = oldestFirst.stream()
                .filter(name -> !EARLY_OR_SPECIAL.matcher(name).find())
                .reduce((older, newer) -> newer);
        return released.or(() -> oldestFirst.stream().reduce((older, newer) -> newer));
    }

    /** Where that kernel is. */
    Optional<String> kernelFile() {
        return kernel().flatMap(version -> kernels.stream()
                .filter(each -> each.version().equals(version))
                .map(Kernel::file)
                .findFirst());
    }

    /** Why no boot image can be made of it, or nothing. */
    Optional<String> lack() {
        if (bootAway) {
            return Optional.of("its /boot is a file system of its own (/etc/fstab) and is not mounted: mount it there");
        }
        if (hypervisor().isEmpty()) {
            return Optional.of("it has no /boot/xen-*.gz; install its hypervisor (Debian: apt-get install"
                    + " xen-hypervisor-amd64)");
        }
        if (kernel().isEmpty()) {
            return Optional.of("it has no kernel that can be dom0 with its modules (" + seen()
                    + "); install one (Debian: apt-get install linux-image-amd64)");
        }
        return Optional.empty();
    }

    private String seen() {
        if (kernels.isEmpty()) {
            return "neither /boot/vmlinuz-* nor /lib/modules/*/vmlinuz";
        }
        List<String> all = new ArrayList<>();
        for (Kernel kernel : kernels) {
            all.add(kernel.version()
                    + (!kernel.modules()
                            ? ": /lib/modules lacks its modules"
                            : kernel.dom0().equals("no") ? ": without CONFIG_XEN_DOM0" : ": for debugging or rescue"));
        }
        return String.join(", ", all);
    }

    private static void add(List<String> hypervisors, String name) {
        if (HYPERVISOR.matcher(name).matches() && !NOT_WANTED.matcher(name).find()) {
            hypervisors.add(name);
        }
    }

    private static Optional<Kernel> kernel(String value) {
        String[] words = value.split(" ");
        if (words.length != 4 || !VERSION.matcher(words[0]).matches()) {
            return Optional.empty();
        }
        String file =
                words[3].equals("modules") ? "/lib/modules/" + words[0] + "/vmlinuz" : "/boot/vmlinuz-" + words[0];
        return Optional.of(new Kernel(words[0], words[1], words[2].equals("yes"), file));
    }
}
