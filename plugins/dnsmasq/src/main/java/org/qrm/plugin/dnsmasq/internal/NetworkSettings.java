package org.qrm.plugin.dnsmasq.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.qrm.api.HostAddress;
import org.qrm.api.HostName;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * What an administrator decided about DHCP; checked, so that every value is safe in a line of dnsmasq's configuration.
 *
 * @param mode what dnsmasq is to do
 * @param interfaceName the one interface it answers on; empty when off
 * @param rangeStart first address to hand out (full mode)
 * @param rangeEnd last address to hand out (full mode)
 * @param netmask of the range, or null for that of the interface
 * @param leaseTime as dnsmasq spells it: {@code 12h}
 * @param gateway told to machines, or null for none
 * @param dns told to machines, or null for none
 * @param mtu told to machines, or 0 for none
 * @param routes told to machines
 * @param knownOnly whether only machines that are admitted or expected are answered
 * @param fixedAddresses whether a machine keeps the address that it has had
 * @param domain in which machines are known by their names, or empty: then no name is told or answered
 * @param allowForeign whether to start beside another DHCP server
 * @param secureBoot which UEFI machines are given the signed boot loaders
 */
record NetworkSettings(
        Mode mode,
        String interfaceName,
        Ipv4 rangeStart,
        Ipv4 rangeEnd,
        Ipv4 netmask,
        String leaseTime,
        Ipv4 gateway,
        Ipv4 dns,
        int mtu,
        List<Route> routes,
        boolean knownOnly,
        boolean fixedAddresses,
        String domain,
        boolean allowForeign,
        SecureBoot secureBoot) {

    static final String MODE = "mode";
    static final String INTERFACE = "interface";
    static final String RANGE_START = "rangeStart";
    static final String RANGE_END = "rangeEnd";
    static final String NETMASK = "netmask";
    static final String LEASE_TIME = "leaseTime";
    static final String GATEWAY = "gateway";
    static final String DNS = "dns";
    static final String MTU = "mtu";
    static final String ROUTES = "routes";
    static final String KNOWN_ONLY = "knownOnly";
    static final String FIXED_ADDRESSES = "fixedAddresses";
    static final String DOMAIN = "domain";
    static final String ALLOW_FOREIGN = "allowForeign";
    static final String SECURE_BOOT = "secureBoot";

    static final String DEFAULT_LEASE_TIME = "12h";
    static final NetworkSettings NONE = new NetworkSettings(
            Mode.OFF,
            "",
            null,
            null,
            null,
            DEFAULT_LEASE_TIME,
            null,
            null,
            0,
            List.of(),
            false,
            true,
            "",
            false,
            SecureBoot.NO);

    // A Linux interface name, less what dnsmasq reads as a pattern, an alias or a separator
    private static final Pattern INTERFACE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");
    // 576: RFC 791, what each host must take
    private static final Pattern SIZE =
            Pattern.compile("57[6-9]|5[89][0-9]|[6-9][0-9]{2}|[1-8][0-9]{3}|9(0[0-9]{2}|1[0-9]{2}|20[0-9]|21[0-6])");
    private static final Pattern LEASE = Pattern.compile("infinite|[1-9][0-9]{0,4}[mhd]");

    /** What dnsmasq does. */
    enum Mode {
        /** Addresses and boot loader. */
        FULL,
        /** Boot loader only, beside the site's own DHCP server (proxyDHCP). */
        PROXY,
        /** Nothing; it does not run. */
        OFF;

        static Optional<Mode> of(String word) {
            for (Mode mode : values()) {
                if (mode.word().equals(word.toLowerCase(Locale.ROOT))) {
                    return Optional.of(mode);
                }
            }
            return Optional.empty();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a configuration.
     *
     * @throws QrmException INVALID with every reason
     */
    static NetworkSettings parse(Map<String, ?> configuration) {
        Map<String, String> reasons = check(configuration);
        if (!reasons.isEmpty()) {
            StringBuilder all = new StringBuilder();
            reasons.forEach((name, reason) -> all.append(all.isEmpty() ? "" : "; ")
                    .append(name)
                    .append(": ")
                    .append(reason));
            throw QrmException.invalid(
                    "configure", "dnsmasq", all.toString(), "Correct org.qrm.plugin.dnsmasq and it starts by itself.");
        }
        return new NetworkSettings(
                Mode.of(value(configuration, MODE)).orElse(Mode.OFF),
                value(configuration, INTERFACE),
                address(configuration, RANGE_START),
                address(configuration, RANGE_END),
                address(configuration, NETMASK),
                value(configuration, LEASE_TIME),
                address(configuration, GATEWAY),
                address(configuration, DNS),
                Integer.parseInt(value(configuration, MTU)),
                Route.parseAll(value(configuration, ROUTES)).orElse(List.of()),
                Boolean.parseBoolean(value(configuration, KNOWN_ONLY)),
                Boolean.parseBoolean(value(configuration, FIXED_ADDRESSES)),
                value(configuration, DOMAIN).toLowerCase(Locale.ROOT),
                Boolean.parseBoolean(value(configuration, ALLOW_FOREIGN)),
                SecureBoot.of(value(configuration, SECURE_BOOT)).orElse(SecureBoot.NO));
    }

    /** What is wrong with a configuration, by name; empty when all is well. */
    static Map<String, String> check(Map<String, ?> configuration) {
        Map<String, String> reasons = new LinkedHashMap<>();
        Optional<Mode> mode = Mode.of(value(configuration, MODE));
        if (mode.isEmpty()) {
            reasons.put(MODE, "\"" + Name.printable(value(configuration, MODE)) + "\" is not full, proxy or off");
        } else if (mode.get() != Mode.OFF) {
            checkInterface(value(configuration, INTERFACE), reasons);
        }
        for (String name : new String[] {RANGE_START, RANGE_END, NETMASK, GATEWAY, DNS}) {
            checkAddress(configuration, name, reasons);
        }
        String lease = value(configuration, LEASE_TIME);
        if (!LEASE.matcher(lease).matches() || lease.equals("1m")) {
            reasons.put(LEASE_TIME, "\"" + Name.printable(lease) + "\" is not 2m or longer (45m, 12h, 7d) or infinite");
        }
        checkMore(configuration, reasons);
        checkSecureBoot(value(configuration, SECURE_BOOT), mode.orElse(Mode.OFF), reasons);
        if (reasons.isEmpty() && mode.get() == Mode.FULL) {
            checkRange(configuration, reasons);
        }
        return reasons;
    }

    private static void checkMore(Map<String, ?> configuration, Map<String, String> reasons) {
        String mtu = value(configuration, MTU);
        if (!mtu.equals("0") && !SIZE.matcher(mtu).matches()) {
            reasons.put(MTU, "\"" + Name.printable(mtu) + "\" is no size of 576 to 9216 octets, nor 0");
        }
        String routes = value(configuration, ROUTES);
        if (Route.parseAll(routes).isEmpty()) {
            reasons.put(
                    ROUTES,
                    "\"" + Name.printable(routes)
                            + "\" is no list of routes as 10.9.0.0/16 10.77.0.254, with commas between");
        }
        String domain = value(configuration, DOMAIN);
        if (!domain.isEmpty() && (!HostName.isOne(domain) || domain.equalsIgnoreCase("localhost"))) {
            reasons.put(DOMAIN, "\"" + Name.printable(domain) + "\" is no domain");
        }
        for (String name : List.of(KNOWN_ONLY, FIXED_ADDRESSES)) {
            String word = value(configuration, name);
            if (!word.equals("true") && !word.equals("false")) {
                reasons.put(name, "\"" + Name.printable(word) + "\" is neither true nor false");
            }
        }
    }

    private static void checkSecureBoot(String word, Mode mode, Map<String, String> reasons) {
        Optional<SecureBoot> wanted = SecureBoot.of(word);
        if (wanted.isEmpty()) {
            reasons.put(SECURE_BOOT, "\"" + Name.printable(word) + "\" is not false, http or true");
        } else if (!wanted.get().worksIn(mode)) {
            reasons.put(
                    SECURE_BOOT,
                    "true does not work in mode proxy: over TFTP the signed GRUB looks for its files at the site's own"
                            + " DHCP server. Say http, and let machines with Secure Boot boot over HTTP; or use mode"
                            + " full, or switch off Secure Boot in their firmware and say false");
        }
    }

    private static void checkInterface(String name, Map<String, String> reasons) {
        if (name.isEmpty()) {
            reasons.put(INTERFACE, "it must be named: dnsmasq answers on no other");
        } else if (!INTERFACE_NAME.matcher(name).matches()) {
            reasons.put(INTERFACE, "\"" + Name.printable(name) + "\" is no name of a network interface");
        } else if (name.equals("lo")) {
            reasons.put(INTERFACE, "no machine boots from lo");
        }
    }

    private static void checkAddress(Map<String, ?> configuration, String name, Map<String, String> reasons) {
        String text = value(configuration, name);
        if (!text.isEmpty() && Ipv4.parse(text).isEmpty()) {
            reasons.put(name, "\"" + Name.printable(text) + "\" is no IPv4 address");
        } else if (!text.isEmpty() && !name.equals(NETMASK) && !HostAddress.isUnicast(text)) {
            reasons.put(name, Name.printable(text) + " is no address of a machine");
        }
    }

    private static void checkRange(Map<String, ?> configuration, Map<String, String> reasons) {
        Ipv4 start = address(configuration, RANGE_START);
        Ipv4 end = address(configuration, RANGE_END);
        Ipv4 mask = address(configuration, NETMASK);
        Ipv4 gateway = address(configuration, GATEWAY);
        if (start == null) {
            reasons.put(RANGE_START, "full mode needs the first address to hand out");
        }
        if (end == null) {
            reasons.put(RANGE_END, "full mode needs the last address to hand out");
        }
        if (start != null && end != null && start.compareTo(end) > 0) {
            reasons.put(RANGE_END, end + " comes before " + start);
        }
        if (mask != null && !mask.isMask()) {
            reasons.put(NETMASK, mask + " is no netmask");
        }
        if (mask == null || !reasons.isEmpty()) {
            return;
        }
        if (!start.network(mask).equals(end.network(mask))) {
            reasons.put(RANGE_END, end + " is not in the network of " + start + " (netmask " + mask + ")");
        }
        if (gateway != null && !gateway.network(mask).equals(start.network(mask))) {
            reasons.put(GATEWAY, gateway + " is not in the network of " + start + " (netmask " + mask + ")");
        }
    }

    private static Ipv4 address(Map<String, ?> configuration, String name) {
        return Ipv4.parse(value(configuration, name)).orElse(null);
    }

    private static String value(Map<String, ?> configuration, String name) {
        Object value = configuration.get(name);
        String text = value == null ? "" : value.toString().trim();
        if (!text.isEmpty()) {
            return text;
        }
        return switch (name) {
            case MODE -> Mode.OFF.word();
            case LEASE_TIME -> DEFAULT_LEASE_TIME;
            case MTU -> "0";
            case KNOWN_ONLY, SECURE_BOOT -> "false";
            case FIXED_ADDRESSES -> "true";
            default -> "";
        };
    }
}
