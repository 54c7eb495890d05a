package org.qrm.netboot.internal;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qrm.api.Name;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.MacAddress;

/**
 * Reads the body of {@code POST /node/v1/register}; its bounds are those of docs/node-protocol.md. What a machine is made
 * of may be odd ({@link HardwareForm}); what the two talk by may not.
 */
final class RegistrationForm {

    private static final Set<String> ONCE = Stream.concat(
                    HardwareForm.ONCE.stream(),
                    Stream.of("version", "token", "boot-id", "mac", "image", "address", "ssh-host-key", "execd-port"))
            .collect(Collectors.toUnmodifiableSet());
    private static final int MAX_TOKEN = 256;

    private RegistrationForm() {}

    /**
     * Reads it.
     *
     * @param peer who sent it
     * @throws org.qrm.api.QrmException INVALID, naming the key
     */
    static Registration read(NodeMessage message, String peer) {
        message.allowing(ONCE, HardwareForm.REPEATED);
        message.number("version", 1, 1);
        MacAddress mac = mac("mac", message.required("mac"));
        return new Registration(
                word(message, "token", MAX_TOKEN),
                bootId(message),
                mac,
                Name.checked("read request", "boot image", message.required("image")),
                HardwareForm.read(message, mac),
                Ipv4.checked("address", message.required("address")),
                publicKey(message.required("ssh-host-key")),
                (int) message.number("execd-port", 1, 65535),
                peer);
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

    /** Letters, digits and those besides, at least one. */
    static boolean isWord(String text, String besides, int most) {
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
