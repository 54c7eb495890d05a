package org.qrm.netboot.internal;

import java.util.Optional;
import org.qrm.api.resource.MacAddress;

/** Takes the addresses apart that boot loaders ask for. They are looked at as they came, before any decoding. */
final class BootPaths {

    private static final int MAC_LENGTH = 17;

    private BootPaths() {}

    /** Whether it is made of characters that a boot loader's request has reason to hold. */
    static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (!isNameCharacter(c) && c != '/' && c != ':') {
                return false;
            }
        }
        return !path.contains("..");
    }

    /** Whether it can be the name of an image, a file or a plug-in. */
    static boolean isName(String text) {
        if (text.isEmpty() || text.length() > 63 || text.charAt(0) == '.' || text.charAt(0) == '-') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isNameCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The card of {@code 01-52-54-00-aa-00-01}: hardware type Ethernet (RFC 1700), then the address. */
    static Optional<MacAddress> pxelinuxMac(String name) {
        if (name.length() != MAC_LENGTH + 3 || !name.startsWith("01-")) {
            return Optional.empty();
        }
        return mac(name.substring(3), '-');
    }

    /** The card of {@code 52:54:00:aa:00:01}. */
    static Optional<MacAddress> colonMac(String name) {
        return mac(name, ':');
    }

    private static Optional<MacAddress> mac(String text, char separator) {
        boolean wellFormed = text.length() == MAC_LENGTH;
        for (int i = 0; wellFormed && i < MAC_LENGTH; i++) {
            char c = text.charAt(i);
            wellFormed = i % 3 == 2 ? c == separator : Character.digit(c, 16) >= 0 && c < 128;
        }
        boolean group = wellFormed && (Character.digit(text.charAt(1), 16) & 1) == 1;
        if (!wellFormed || group || text.equals("00-00-00-00-00-00") || text.equals("00:00:00:00:00:00")) {
            return Optional.empty();
        }
        return Optional.of(MacAddress.parse(text));
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}
