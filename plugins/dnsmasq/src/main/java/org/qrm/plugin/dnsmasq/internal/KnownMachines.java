package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.qrm.api.Filter;
import org.qrm.api.HostName;
import org.qrm.api.Page;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.admission.Admissions;
import org.qrm.api.admission.ExpectedMachineField;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.resource.Resources;

/**
 * What dnsmasq is told of machines that are known, in two files that it reads again at SIGHUP: who is known and has which
 * address ({@code --dhcp-hostsfile}), and which address has which name ({@code --addn-hosts}), dnsmasq(8).
 *
 * @param hosts lines {@code MAC[,ADDRESS][,NAME]}
 * @param names lines {@code ADDRESS NAME.DOMAIN NAME}, as in hosts(5)
 */
record KnownMachines(String hosts, String names) {

    static final String HOSTS = "machines";
    static final String NAMES = "names";
    static final KnownMachines NONE = new KnownMachines("", "");

    /**
     * A machine.
     *
     * @param mac of the card that it boots from
     * @param address that it had last, or null
     * @param name a host name, or null
     */
    record Machine(String mac, Ipv4 address, String name) {}

    /** Those that are admitted, and those that are expected; empty when that cannot be asked now. */
    static Optional<List<Machine>> ask(Resources resources, Admissions admissions) {
        if (resources == null || admissions == null) {
            return Optional.empty();
        }
        try {
            Stream<Machine> admitted =
                    Page.all(page -> resources.list(Filter.all(), Sort.by(ResourceField.ID), page)).stream()
                            .filter(each -> each.state() != ResourceState.NEW || each.kind() == ResourceKind.PARTITION)
                            .sorted(Comparator.comparing(
                                            Resource::lastSeen,
                                            Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
                                    .reversed())
                            .map(each -> new Machine(
                                    each.mac().value(),
                                    Optional.ofNullable(each.address())
                                            .flatMap(Ipv4::parse)
                                            .orElse(null),
                                    HostName.isOne(each.name()) ? each.name() : null));
            Stream<Machine> expected =
                    Page.all(page -> admissions.expected(Filter.all(), Sort.by(ExpectedMachineField.ID), page)).stream()
                            .filter(each -> each.mac() != null)
                            .map(each -> new Machine(each.mac().value(), null, each.name()));
            return Optional.of(Stream.concat(admitted, expected).toList());
        } catch (QrmException notNow) {
            return Optional.empty();
        }
    }

    /**
     * A pure function of who they are.
     *
     * @param machines those who were heard of last first: an address or a name that two have had is theirs
     * @param own the interface that is answered on
     * @param mask of its network
     */
    static KnownMachines of(List<Machine> machines, NetworkSettings settings, Ipv4 own, Ipv4 mask) {
        // in an order that does not change with who was heard of last: dnsmasq reads again what has changed
        TreeMap<String, String> hosts = new TreeMap<>();
        TreeMap<String, String> names = new TreeMap<>();
        Set<String> taken = new HashSet<>();
        for (Machine machine : machines) {
            if (hosts.containsKey(machine.mac())) {
                continue;
            }
            Ipv4 address = machine.address();
            boolean here = address != null
                    && isOfMachine(address, own, mask)
                    && settings.mode() == NetworkSettings.Mode.FULL
                    && settings.fixedAddresses()
                    && taken.add(address.toString());
            String name = machine.name() == null || settings.domain().isEmpty()
                    ? null
                    : machine.name().toLowerCase(Locale.ROOT);
            boolean named = name != null && taken.add(name);
            hosts.put(machine.mac(), machine.mac() + (here ? "," + address : "") + (named ? "," + name : "") + "\n");
            if (here && named) {
                names.put(machine.mac(), address + " " + name + "." + settings.domain() + " " + name + "\n");
            }
        }
        return new KnownMachines(String.join("", hosts.values()), String.join("", names.values()));
    }

    private static boolean isOfMachine(Ipv4 address, Ipv4 own, Ipv4 mask) {
        return address.network(mask).equals(own.network(mask)) && !address.equals(own) && address.isOfMachine(mask);
    }

    /** Puts them into that directory; whole, whoever reads meanwhile. */
    void write(Path directory) throws IOException {
        write(directory.resolve(HOSTS), hosts);
        write(directory.resolve(NAMES), names);
    }

    private static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, text);
        // by dnsmasq, whose directory it is
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
