package org.qrm.plugin.xen.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network, by the address of somebody in it.
 *
 * @param address 32 bits
 * @param length of its prefix, 0..32
 */
record Ipv4Network(int address, int length) {

    private static final Pattern CIDR = Pattern.compile("([0-9.]{7,15})/([0-9]{1,2})");
    private static final Pattern ADDRESS = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");

    /** Reads {@code 192.168.1.10/24}; empty for anything else. */
    static Optional<Ipv4Network> parse(String text) {
        Matcher matcher = CIDR.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 32) {
            return Optional.empty();
        }
        return bits(matcher.group(1)).map(bits -> new Ipv4Network(bits, Integer.parseInt(matcher.group(2))));
    }

    /** Whether a machine with that address is a neighbour; the addresses of the network itself and of all are nobody's. */
    boolean hasNeighbour(String text) {
        Optional<Integer> other = bits(text);
        if (other.isEmpty() || ((other.get() ^ address) & mask()) != 0) {
            return false;
        }
        int host = other.get() & ~mask();
        return length >= 31 || (host != 0 && host != ~mask());
    }

    private int mask() {
        return length == 0 ? 0 : -1 << (32 - length);
    }

    private static Optional<Integer> bits(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int bits = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(matcher.group(i));
            if (octet > 255) {
                return Optional.empty();
            }
            bits = bits << 8 | octet;
        }
        return Optional.of(bits);
    }
}
