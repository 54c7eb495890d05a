package org.qrm.plugin.dnsmasq.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** Renders dnsmasq's configuration file, dnsmasq(8). A pure function of decisions and surroundings. */
final class DnsmasqConfiguration {

    /**
     * Where it remembers whom it gave what, from the directory that it is started in: it may not be able to reach that
     * from the root.
     */
    static final String LEASES = "leases/leases";

    // dnsmasq splits at commas and takes '#', quotes and backslashes for itself
    private static final Pattern PLAIN_PATH = Pattern.compile("/[A-Za-z0-9/._+@%=:~ -]*");

    /** UEFI of x86-64, by TFTP: some say that they run EBC. */
    private static final List<Integer> X64 = List.of(7, 9);

    /** UEFI of x86-64, by HTTP. */
    private static final int X64_HTTP = 16;

    /** UEFI of x86 with 32 bits and of ARM, by either, and EBC by HTTP: there is no loader for them. */
    private static final List<Integer> OTHERS = List.of(6, 10, 11, 15, 17, 18, 19);

    private final StringBuilder lines = new StringBuilder();

    private DnsmasqConfiguration() {}

    /**
     * The file's text.
     *
     * @throws QrmException INVALID for a path that cannot be written in it; CONFLICT when the range is not in the
     *     interface's network
     */
    static String render(NetworkSettings settings, Surroundings around) {
        DnsmasqConfiguration file = new DnsmasqConfiguration();
        file.common(settings, around);
        switch (settings.mode()) {
            case FULL -> file.full(settings, around);
            case PROXY -> file.proxy(settings, around);
            case OFF -> throw new IllegalArgumentException("dnsmasq does not run when it is off");
        }
        return file.lines.toString();
    }

    private void common(NetworkSettings settings, Surroundings around) {
        line("# Rendered by the dnsmasq plug-in from org.qrm.plugin.dnsmasq; changes here are overwritten.");
        names(settings, around);
        line("pid-file=");
        line("log-facility=-");
        if (around.asRoot()) {
            line("user=root");
            line("group=root");
        }
        line("interface=" + settings.interfaceName());
        line("except-interface=lo");
        line("bind-interfaces");
        line("enable-tftp");
        line("tftp-root=" + path(around.tftpRoot()));
        line("dhcp-leasefile=" + LEASES);
        // firmware, initrd and system identify themselves differently, but are one machine with one address
        line("dhcp-ignore-clid");
        line("dhcp-hostsfile=" + path(around.known().resolve(KnownMachines.HOSTS)));
        if (settings.knownOnly()) {
            line("dhcp-ignore=tag:!known");
        }
    }

    /** Names are those that the server knows machines by, whatever machines call themselves. */
    private void names(NetworkSettings settings, Surroundings around) {
        if (settings.domain().isEmpty()) {
            line("port=0");
            return;
        }
        line("port=53");
        line("no-resolv");
        line("no-hosts");
        line("addn-hosts=" + path(around.known().resolve(KnownMachines.NAMES)));
        line("domain=" + settings.domain());
        line("local=/" + settings.domain() + "/");
        line("domain-needed");
        line("bogus-priv");
        line("dhcp-ignore-names");
        if (settings.dns() != null && !settings.dns().equals(around.interfaceAddress())) {
            line("server=" + settings.dns());
        }
    }

    private void full(NetworkSettings settings, Surroundings around) {
        Ipv4 mask = settings.netmask() == null ? around.interfaceMask() : settings.netmask();
        checkRange(settings, around, mask);
        line("dhcp-range=" + rangeOfMachines(settings, mask) + "," + mask + "," + settings.leaseTime());
        taken(settings, around)
                .filter(each -> each.compareTo(settings.rangeStart()) >= 0 && each.compareTo(settings.rangeEnd()) <= 0)
                .forEach(each -> line("dhcp-host=id:qrm-" + each + "," + each));
        if (!settings.allowForeign()) {
            line("dhcp-authoritative");
        }
        // an option without a value is not sent; dnsmasq would name itself
        line("dhcp-option=option:router" + (settings.gateway() == null ? "" : "," + settings.gateway()));
        Ipv4 asked = settings.domain().isEmpty() ? settings.dns() : around.interfaceAddress();
        line("dhcp-option=option:dns-server" + (asked == null ? "" : "," + asked));
        if (settings.mtu() > 0) {
            line("dhcp-option=option:mtu," + settings.mtu());
        }
        if (!settings.routes().isEmpty()) {
            line("dhcp-option=option:classless-static-route," + Route.option(settings.routes(), settings.gateway()));
        }
        loaders(settings, around);
    }

    /**
     * What others have as far as the settings tell: given to nobody, as they are kept for clients that there are not, whose
     * identifiers are ignored. dnsmasq itself leaves out its own address, and what answers a ping.
     */
    private static Stream<Ipv4> taken(NetworkSettings settings, Surroundings around) {
        Stream<Ipv4> named = Stream.of(settings.gateway(), settings.dns(), around.serverAddress());
        return Stream.concat(named, settings.routes().stream().map(Route::gateway))
                .filter(each -> each != null && !each.equals(around.interfaceAddress()))
                .distinct();
    }

    /** By what the firmware says that it is (RFC 5970, 3.3, and IANA's list of Processor Architecture Types). */
    private void loaders(NetworkSettings settings, Surroundings around) {
        architectures("efi64", X64);
        architectures("http64", List.of(X64_HTTP));
        architectures("other", OTHERS);
        line("dhcp-boot=tag:!efi64,tag:!http64,tag:!other," + BootLoaders.BIOS);
        if (around.efiLoader()) {
            line("dhcp-boot=tag:efi64,"
                    + (settings.secureBoot() == SecureBoot.YES ? BootLoaders.SHIM : BootLoaders.EFI));
            line("dhcp-boot=tag:http64," + httpLoader(settings, around));
            // UEFI 2.10, 24.7.2: it looks at no offer without
            line("dhcp-option-force=tag:http64,60,HTTPClient");
        }
        line("dhcp-option-force=210," + prefix(around.serverAddress(), around.httpPort()));
    }

    private void architectures(String tag, List<Integer> types) {
        types.forEach(type -> line("dhcp-match=set:" + tag + ",option:client-arch," + type));
    }

    /** With Secure Boot a disk in memory, with the signed loaders and all that they load. */
    private static String httpLoader(NetworkSettings settings, Surroundings around) {
        return prefix(around.serverAddress(), around.httpPort())
                + (settings.secureBoot() == SecureBoot.NO ? BootLoaders.EFI : "secure.img");
    }

    private void proxy(NetworkSettings settings, Surroundings around) {
        line("dhcp-range=" + around.interfaceAddress().network(around.interfaceMask()) + ",proxy,"
                + around.interfaceMask());
        line("pxe-service=x86PC,\"QRM\"," + BootLoaders.BIOS);
        if (around.efiLoader()) {
            X64.forEach(type -> line("pxe-service=" + type + ",\"QRM\"," + BootLoaders.EFI));
            // who boots over HTTP is answered as who boots by PXE; not by a service, for which it would be sent to
            // another port
            line("dhcp-pxe-vendor=PXEClient,HTTPClient");
            architectures("http64", List.of(X64_HTTP));
            line("dhcp-boot=tag:http64," + httpLoader(settings, around));
        }
    }

    private static void checkRange(NetworkSettings settings, Surroundings around, Ipv4 mask) {
        Ipv4 network = around.interfaceAddress().network(mask);
        for (Route route : settings.routes()) {
            if (!route.gateway().network(mask).equals(network)) {
                throw QrmException.conflict(
                        "start",
                        "dnsmasq",
                        "the gateway " + route.gateway() + " of a route is not in the network of interface "
                                + settings.interfaceName() + ", " + around.interfaceAddress() + " netmask " + mask,
                        "Name a gateway in that network.");
            }
        }
        for (Ipv4 end : new Ipv4[] {settings.rangeStart(), settings.rangeEnd()}) {
            if (!end.network(mask).equals(network)) {
                throw QrmException.conflict(
                        "start",
                        "dnsmasq",
                        end + " is not in the network of interface " + settings.interfaceName() + ", "
                                + around.interfaceAddress() + " netmask " + mask,
                        "Choose a range in that network, or another interface.");
            }
        }
    }

    /** dnsmasq hands out the first and the last address of a network, too, but of one of class C. */
    private static String rangeOfMachines(NetworkSettings settings, Ipv4 mask) {
        Ipv4 start = settings.rangeStart();
        Ipv4 end = settings.rangeEnd();
        boolean fromFirst = !start.isOfMachine(mask) && start.equals(start.network(mask));
        boolean toLast = !end.isOfMachine(mask) && end.equals(end.broadcast(mask));
        Ipv4 from = fromFirst ? new Ipv4(start.bits() + 1) : start;
        Ipv4 to = toLast ? new Ipv4(end.bits() - 1) : end;
        if (from.compareTo(to) > 0) {
            throw QrmException.conflict(
                    "start",
                    "dnsmasq",
                    "no machine can have an address of " + start + " to " + end
                            + ": they are those of the network itself, netmask " + mask,
                    "Choose a range between the first and the last address of the network.");
        }
        return from + "," + to;
    }

    private static String path(Path path) {
        String text = path.toAbsolutePath().normalize().toString();
        if (!PLAIN_PATH.matcher(text).matches()) {
            throw QrmException.invalid(
                    "configure",
                    "dnsmasq",
                    "the path " + Name.printable(text) + " has characters that its configuration file cannot hold",
                    "Use directories named with letters, digits and / . _ + @ % = : ~ - only.");
        }
        return text;
    }

    /** PXELINUX path prefix (option 210): everything after the boot loader comes over HTTP. */
    static String prefix(Ipv4 server, int port) {
        return "http://" + server + ":" + port + "/boot/";
    }

    private void line(String text) {
        lines.append(text).append('\n');
    }
}
