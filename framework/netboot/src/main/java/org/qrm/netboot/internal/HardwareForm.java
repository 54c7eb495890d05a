package org.qrm.netboot.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.HostAddress;
import org.qrm.api.QrmException;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;

/**
 * Reads what a machine says that it is made of. Machines are odd in every part, so that whatever cannot be read is left
 * out, and named in the detail {@link Hardware#LEFT_OUT}; nothing here refuses a machine.
 */
final class HardwareForm {

    static final Set<String> ONCE = Set.of(
            "cpus",
            "cpu-mhz",
            "memory-mb",
            "arch",
            "kernel",
            "vendor",
            "product",
            "serial",
            "uuid",
            Hardware.BMC_ADDRESS,
            Hardware.SECURE_BOOT);
    static final Set<String> REPEATED = Set.of("nic", "left-out");

    /** 4 PiB, all that 52 bits of a physical address reach. */
    static final long MAX_MEMORY_MB = 4_294_967_296L;

    private static final List<String> DETAILS = List.of("arch", "kernel", "vendor", "product", "serial", "uuid");
    private static final int MAX_NICS = 32;
    private static final int MAX_DETAIL = 128;
    private static final int MAX_NAME = 32;
    private static final int MAX_DRIVER = 48;
    private static final int MAX_SPEED = 10_000_000;

    /** As the kernel says that it does not know a speed: ethtool's SPEED_UNKNOWN, in its widths. */
    private static final Set<String> NO_SPEED = Set.of("", "0", "-1", "65535", "4294967295", "unknown");

    /** What makers leave in their tables where a value should be. */
    private static final Set<String> PLACEHOLDERS = Set.of(
            "unknow",
            "unspecified",
            "reserved",
            "<empty>",
            "n.a.",
            "no serial",
            "oem default string000",
            "default serial number",
            "4c4c4544-0000-2010-8020-80c04f202020", // Dell's, whose service tag is blank
            "03020100-0504-0706-0809-0a0b0c0d0e0f",
            "00010203-0405-0607-0809-0a0b0c0d0e0f",
            "default string",
            "not specified",
            "not applicable",
            "not available",
            "not present",
            "none",
            "n/a",
            "null",
            "unknown",
            "undefined",
            "invalid",
            "empty",
            "o.e.m.",
            "oem",
            "none provided",
            "none specified",
            "not provided",
            "not defined",
            "not set",
            "not settable",
            "no data",
            "no serial number",
            "no asset tag",
            "no asset information",
            "no module installed",
            "no dimm",
            "[empty]",
            "<out of spec>",
            "<bad index>",
            "to be defined by o.e.m",
            "base board serial number",
            "base board product name",
            "base board manufacturer",
            "board serial number",
            "board manufacturer",
            "board version",
            "serial number",
            "product name",
            "system name",
            "system manufacture",
            "type1productconfigid",
            "enter serial",
            "enter serial number",
            "enter sn",
            "filled by o.e.m.",
            "filled by oem",
            "default",
            "default_string",
            "not known",
            "not assigned",
            "unassigned",
            "serialnumber",
            "$serialnumber$",
            "oem_serial",
            "type2 - board serial number",
            "type1 - system serial number",
            "78563412-3412-7856-90ab-cddeefaabbcc", // the next with its first parts turned round (DSP0134, 7.2.1)
            "12345678-1234-5678-90ab-cddeefaabbcc",
            "00112233-4455-6677-8899-aabbccddeeff",
            "33221100-5544-7766-8899-aabbccddeeff",
            "01234567-89ab-cdef-0123-456789abcdef",
            "12345678-1234-5678-1234-567812345678",
            "12345678-1234-1234-1234-123456789012",
            "11111111-2222-3333-4444-555555555555",
            "system manufacturer",
            "system product name",
            "system serial number",
            "system version",
            "chassis serial number",
            "03000200-0400-0500-0006-000700080009",
            "00020003-0004-0005-0006-000700080009");

    /** Blanks, zeros, … and nothing else, as in a UUID of zeros. */
    private static final Pattern ONE_CHARACTER = Pattern.compile("([0fx.*#?])\\1*|");

    /** A UUID of one octet again and again, as {@code 20202020-…}, which are blanks. */
    private static final Pattern ONE_OCTET = Pattern.compile("([0-9a-f]{2})\\1{15}");

    /** What was counted up, also behind a word, as {@code BSN12345678901234567}, {@code 1234567890ABCDEF}. */
    private static final Pattern COUNTED = Pattern.compile("(?:[a-z]+[-_ ]?(?=[0-9]{9}))?([0-9]{7,})(?:abcdef)?");

    private static final String FROM_ZERO = "0123456789".repeat(MAX_DETAIL / 10 + 1);

    private final NodeMessage message;
    private final MacAddress bootCard;
    private final LeftOut leftOut = new LeftOut();

    private HardwareForm(NodeMessage message, MacAddress bootCard) {
        this.message = message;
        this.bootCard = bootCard;
    }

    /** The hardware; numbers that cannot be read are 0, the boot card is always there and first. */
    static Hardware read(NodeMessage message, MacAddress bootCard) {
        return new HardwareForm(message, bootCard).hardware();
    }

    private Hardware hardware() {
        int cpus = (int) number("cpus", 1, 8192);
        int mhz = (int) number("cpu-mhz", 0, 100_000);
        long memory = number("memory-mb", 1, MAX_MEMORY_MB);
        List<NetworkCard> cards = cards();
        return new Hardware(cpus, mhz, memory, cards, details());
    }

    private long number(String key, long least, long most) {
        try {
            return message.number(key, least, most);
        } catch (QrmException unreadable) {
            leftOut.add(key, unreadable);
            return 0;
        }
    }

    private List<NetworkCard> cards() {
        Map<MacAddress, NetworkCard> cards = new LinkedHashMap<>();
        for (String line : readable("nic")) {
            card(line).ifPresent(card -> {
                if (cards.putIfAbsent(card.mac(), card) != null) {
                    leftOut.add("network card", line, "another one has its address");
                }
            });
        }
        NetworkCard first = cards.remove(bootCard);
        if (first == null) {
            leftOut.add("boot card", "", "nothing but its address is known");
            first = new NetworkCard(bootCard, "", "", 0);
        }
        List<NetworkCard> all = new ArrayList<>(MAX_NICS);
        all.add(first);
        cards.values().stream().limit(MAX_NICS - 1L).forEach(all::add);
        if (cards.size() >= MAX_NICS) {
            leftOut.add((cards.size() + 1 - MAX_NICS) + " more network cards: " + MAX_NICS + " are taken");
        }
        return all;
    }

    private Optional<NetworkCard> card(String line) {
        String[] parts = line.split(",", -1);
        MacAddress mac;
        try {
            mac = MacAddress.parse(parts[0]);
        } catch (QrmException unreadable) {
            leftOut.add("network card", line, unreadable.problem().reason());
            return Optional.empty();
        }
        if (parts.length != 4) {
            leftOut.add("name, driver and speed of a network card", line, "it is not <mac>,<name>,<driver>,<speed>");
            return Optional.of(new NetworkCard(mac, "", "", 0));
        }
        return Optional.of(new NetworkCard(
                mac,
                word("name of network card " + mac, parts[1], MAX_NAME),
                word("driver of network card " + mac, parts[2], MAX_DRIVER),
                speed("speed of network card " + mac, parts[3])));
    }

    private String word(String what, String text, int most) {
        if (text.isEmpty() || RegistrationForm.isWord(text, "._-@:", most)) {
            return text;
        }
        leftOut.add(what, text, "it has odd characters or more than " + most);
        return "";
    }

    private int speed(String what, String text) {
        if (NO_SPEED.contains(text.toLowerCase(Locale.ROOT))) {
            return 0;
        }
        try {
            return (int) NodeMessage.numberOf(what, text, 0, MAX_SPEED);
        } catch (QrmException unreadable) {
            leftOut.add(what, text, unreadable.problem().reason());
            return 0;
        }
    }

    private Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        for (String key : DETAILS) {
            String value = detail(key);
            if (!value.isEmpty()) {
                details.put(key, value);
            }
        }
        String bmc = detail(Hardware.BMC_ADDRESS);
        if (isOfAMachine(bmc)) {
            details.put(Hardware.BMC_ADDRESS, bmc);
        } else if (!bmc.isEmpty()) {
            leftOut.add(Hardware.BMC_ADDRESS, bmc, "it is no IPv4 address of a machine");
        }
        String secure = detail(Hardware.SECURE_BOOT);
        if (secure.equals("on") || secure.equals("off")) {
            details.put(Hardware.SECURE_BOOT, secure);
        } else if (!secure.isEmpty()) {
            leftOut.add(Hardware.SECURE_BOOT, secure, "it is neither on nor off");
        }
        readable("left-out").forEach(leftOut::add);
        String untold = leftOut.text();
        if (!untold.isEmpty()) {
            details.put(Hardware.LEFT_OUT, untold);
        }
        return details;
    }

    private String detail(String key) {
        String value;
        try {
            value = message.optional(key).strip();
        } catch (QrmException unreadable) {
            leftOut.add(key, unreadable);
            return "";
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_DETAIL) {
            leftOut.add(key, value, "it has more than " + MAX_DETAIL + " bytes");
            return "";
        }
        return isPlaceholder(value) ? "" : value;
    }

    /** RFC 6890, but for what is of this host, of this link, or of many. */
    private static boolean isOfAMachine(String address) {
        if (!HostAddress.isIpv4(address) || address.startsWith("169.254.")) {
            return false;
        }
        int first = Integer.parseInt(address.substring(0, address.indexOf('.')));
        return first > 0 && first < 224 && first != 127;
    }

    /** Whether that is what makers leave in their tables where a value should be. */
    static boolean isPlaceholder(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        String bare = lower.replaceAll("[-: ]", "");
        return PLACEHOLDERS.contains(lower)
                || lower.startsWith("to be filled")
                || ONE_CHARACTER.matcher(bare).matches()
                || ONE_OCTET.matcher(bare).matches()
                || isCounted(lower);
    }

    private static boolean isCounted(String lower) {
        Matcher parts = COUNTED.matcher(lower);
        return parts.matches() && (FROM_ZERO.startsWith(parts.group(1)) || FROM_ZERO.startsWith(parts.group(1), 1));
    }

    /** The values of a repeated key, as far as they can be read. */
    private List<String> readable(String key) {
        List<String> values = new ArrayList<>();
        for (NodeMessage.Line line : message.lines(key)) {
            try {
                values.add(line.value());
            } catch (QrmException unreadable) {
                leftOut.add(key, unreadable);
            }
        }
        return values;
    }
}
