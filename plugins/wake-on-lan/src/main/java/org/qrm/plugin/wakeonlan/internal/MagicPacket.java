package org.qrm.plugin.wakeonlan.internal;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.qrm.api.resource.MacAddress;

/**
 * What wakes a network card, wherever it stands in a frame that reaches it: six octets 0xff, then the card's address sixteen times, then the
 * password, if the card was given one (AMD, Magic Packet Technology, 1995; SecureOn).
 */
final class MagicPacket {

    private static final int TIMES = 16;
    private static final Pattern PASSWORDS = Pattern.compile("[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}");

    private MagicPacket() {}

    /**
     * Its 102 or 108 octets.
     *
     * @param password six octets, or none
     */
    static byte[] of(MacAddress card, byte[] password) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        byte[] sync = new byte[6];
        Arrays.fill(sync, (byte) 0xff);
        packet.writeBytes(sync);
        for (int time = 0; time < TIMES; time++) {
            packet.writeBytes(card.bytes());
        }
        packet.writeBytes(password);
        return packet.toByteArray();
    }

    /**
     * Six octets as people write them.
     *
     * @param text six pairs of hexadecimal digits, ':' or '-' between them; empty for no password
     * @return nothing for what is no password
     */
    static Optional<byte[]> password(String text) {
        if (text.isEmpty()) {
            return Optional.of(new byte[0]);
        }
        if (!PASSWORDS.matcher(text).matches()) {
            return Optional.empty();
        }
        byte[] octets = new byte[6];
        for (int each = 0; each < octets.length; each++) {
            octets[each] = (byte) Integer.parseInt(text.substring(3 * each, 3 * each + 2), 16);
        }
        return Optional.of(octets);
    }
}
