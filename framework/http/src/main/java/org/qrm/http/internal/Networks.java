package org.qrm.http.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Some networks of IP addresses. */
final class Networks {

    /** What no name can be, so that none is looked up. */
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final List<Network> all;

    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i % Byte.SIZE);
                if ((address[i / Byte.SIZE] & mask) != (other[i / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param texts addresses, or {@code ADDRESS/BITS}; what is neither is left out */
    Networks(List<String> texts) {
        all = texts.stream()
                .flatMap(text -> {
                    String[] parts = text.split("/", 2);
                    return address(parts[0])
                            .map(address -> new Network(
                                    address.getAddress(),
                                    parts.length == 2
                                            ? Integer.parseInt(parts[1])
                                            : address.getAddress().length * Byte.SIZE))
                            .stream();
                })
                .toList();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    boolean contains(InetAddress address) {
        return all.stream().anyMatch(network -> network.contains(address.getAddress()));
    }

    /** An address; empty for what is none. */
    static Optional<InetAddress> address(String text) {
        try {
            return LITERAL.matcher(text).matches() ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
