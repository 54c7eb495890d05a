package org.qrm.netboot.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qrm.api.Name;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;

/** Reads the body of {@code POST /node/v1/register}; its bounds are those of docs/node-protocol.md. */
final class RegistrationForm {

    private static final List<String> DETAILS = List.of("arch", "kernel", "vendor", "product", "serial", "uuid");
    private static final Set<String> ONCE = Set.of(
            "version",
            "token",
            "boot-id",
            "mac",
            "image",
            "cpus",
            "cpu-mhz",
            "memory-mb",
            "arch",
            "kernel",
            "vendor",
            "product",
            "serial",
            "uuid",
            "address",
            "ssh-host-key",
            "execd-port");
    private static final Set<String> REPEATED = Set.of("nic");
    private static final int MAX_NICS = 32;
    private static final int MAX_DETAIL = 128;
    private static final int MAX_TOKEN = 256;

    private RegistrationForm() {}

    /** @throws org.qrm.api.QrmException INVALID, naming the key */
    static Registration read(NodeMessage message) {
        message.allowing(ONCE, REPEATED);
        message.number("version", 1, 1);
        MacAddress mac = mac("mac", message.required("mac"));
        return new Registration(
                word(message, "token", MAX_TOKEN),
                bootId(message),
                mac,
                Name.checked("read request", "boot image", message.required("image")),
                hardware(message, mac),
                Ipv4.checked("address", message.required("address")),
                publicKey(message.required("ssh-host-key")),
                (int) message.number("execd-port", 1, 65535));
    }

    private static Hardware hardware(NodeMessage message, MacAddress bootCard) {
        return new Hardware(
                (int) message.number("cpus", 1, 4096),
                (int) message.number("cpu-mhz", 1, 100_000),
                message.number("memory-mb", 1, 67_108_864),
                cards(message.all("nic"), bootCard),
                details(message));
    }

    private static List<NetworkCard> cards(List<String> lines, MacAddress bootCard) {
        if (lines.isEmpty() || lines.size() > MAX_NICS) {
            throw NodeMessage.malformed("nic", "there are " + lines.size() + " instead of 1 to " + MAX_NICS);
        }
        List<NetworkCard> cards = new ArrayList<>(lines.size());
        for (String line : lines) {
            cards.add(card(line));
        }
        if (!cards.get(0).mac().equals(bootCard)) {
            throw NodeMessage.malformed("nic", "the first one is not the boot card");
        }
        if (cards.stream().map(NetworkCard::mac).distinct().count() < cards.size()) {
            throw NodeMessage.malformed("nic", "two cards have one address");
        }
        return cards;
    }

    private static NetworkCard card(String line) {
        int first = line.indexOf(',');
        int second = line.indexOf(',', first + 1);
        int third = line.indexOf(',', second + 1);
        if (first < 0 || second < 0 || third < 0) {
            throw NodeMessage.malformed("nic", "it is not <mac>,<name>,<driver>,<speed>");
        }
        return new NetworkCard(
                mac("nic", line.substring(0, first)),
                simple("nic", line.substring(first + 1, second)),
                simple("nic", line.substring(second + 1, third)),
                (int) NodeMessage.numberOf("nic", line.substring(third + 1), 0, 10_000_000));
    }

    private static Map<String, String> details(NodeMessage message) {
        Map<String, String> details = new LinkedHashMap<>();
        for (String key : DETAILS) {
            String value = message.optional(key);
            if (value.getBytes(StandardCharsets.UTF_8).length > MAX_DETAIL) {
                throw NodeMessage.malformed(key, "it has more than " + MAX_DETAIL + " bytes");
            }
            if (!value.isEmpty()) {
                details.put(key, value);
            }
        }
        return details;
    }

    private static MacAddress mac(String key, String text) {
        MacAddress mac = MacAddress.parse(text);
        if (!mac.value().equals(text)) {
            throw NodeMessage.malformed(key, "a MAC address is written in lower case, with colons");
        }
        return mac;
    }

    private static String bootId(NodeMessage message) {
        String id = message.required("boot-id");
        boolean wellFormed = id.length() == 36;
        for (int i = 0; wellFormed && i < id.length(); i++) {
            wellFormed = id.charAt(i) == '-' || Character.digit(id.charAt(i), 16) >= 0;
        }
        if (!wellFormed) {
            throw NodeMessage.malformed("boot-id", "it is not like that of /proc/sys/kernel/random/boot_id");
        }
        return id;
    }

    private static String publicKey(String key) {
        int space = key.indexOf(' ');
        if (space < 1
                || !isWord(key.substring(0, space), "@.-", 64)
                || !isWord(key.substring(space + 1), "+/=", 1000)) {
            throw NodeMessage.malformed("ssh-host-key", "it is not <type> <base64>");
        }
        return key;
    }

    private static String word(NodeMessage message, String key, int most) {
        String value = message.required(key);
        if (!isWord(value, "-_=.", most)) {
            throw NodeMessage.malformed(
                    key, "it holds other characters than letters, digits, '-', '_', '.', '=', or is too long");
        }
        return value;
    }

    private static String simple(String key, String text) {
        if (!text.isEmpty() && !isWord(text, "._-@:", 64)) {
            throw NodeMessage.malformed(key, "a card's name or driver has odd characters");
        }
        return text;
    }

    private static boolean isWord(String text, String besides, int most) {
        if (text.isEmpty() || text.length() > most) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && besides.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
