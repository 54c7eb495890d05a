package org.qrm.plugin.dnsmasq.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IPv4 address.
 *
 * @param bits its 32 bits as an unsigned number
 */
record Ipv4(long bits) implements Comparable<Ipv4> {

    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

    /** Four decimal numbers without leading zeros, or empty: what a resolver makes of other spellings is not wanted. */
    static Optional<Ipv4> parse(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return Optional.empty();
        }
        long bits = 0;
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                return Optional.empty();
            }
            bits = bits << 8 | Integer.parseInt(octet);
        }
        return Optional.of(new Ipv4(bits));
    }

    static Ipv4 of(Inet4Address address) {
        return of(address.getAddress(), 0);
    }

    static Ipv4 of(byte[] bytes, int offset) {
        long bits = 0;
        for (int i = offset; i < offset + 4; i++) {
            bits = bits << 8 | bytes[i] & 0xff;
        }
        return new Ipv4(bits);
    }

    static Ipv4 maskOfLength(int prefix) {
        return new Ipv4(prefix == 0 ? 0 : 0xffffffffL << 32 - prefix & 0xffffffffL);
    }

    boolean isMask() {
        long inverted = ~bits & 0xffffffffL;
        return bits != 0 && (inverted & inverted + 1) == 0;
    }

    boolean isLoopbackOrAny() {
        return bits == 0 || bits >>> 24 == 127;
    }

    Ipv4 network(Ipv4 mask) {
        return new Ipv4(bits & mask.bits);
    }

    /** The last address of its network. */
    Ipv4 broadcast(Ipv4 mask) {
        return new Ipv4(bits | ~mask.bits & 0xffffffffL);
    }

    /** Whether a machine in a network of that mask can have it: the first and the last are the network's own (RFC 1122, 3.2.1.3; RFC 3021). */
    boolean isOfMachine(Ipv4 mask) {
        Ipv4 first = network(mask);
        Ipv4 last = broadcast(mask);
        return last.bits - first.bits <= 1 || !equals(first) && !equals(last);
    }

    byte[] bytes() {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    InetAddress inet() {
        try {
            return InetAddress.getByAddress(bytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address", e);
        }
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
