package org.qrm.plugin.wakeonlan.internal;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Networks that this server has a card in: those that can be told something as a whole. */
final class Wire {

    /** RFC 863: who hears it throws it away. */
    static final int DISCARD = 9;

    private final InterfaceAddress address;

    private Wire(InterfaceAddress address) {
        this.address = address;
    }

    /** Names of interfaces that have one, in the system's order. */
    static List<String> names() throws SocketException {
        return interfaces()
                .filter(card -> address(card).isPresent())
                .map(NetworkInterface::getName)
                .toList();
    }

    /** That of an interface of the server; nothing when it is away, down, or has no IPv4 address to send from. */
    static Optional<Wire> of(String name) throws SocketException {
        return interfaces()
                .filter(card -> card.getName().equals(name))
                .findFirst()
                .flatMap(Wire::address)
                .map(Wire::new);
    }

    /**
     * Tells all that hear it in the network of an interface.
     *
     * @return whether the server has that interface, and is in a network by it
     */
    static boolean tell(String name, byte[] payload) throws IOException {
        Optional<Wire> wire = of(name);
        if (wire.isPresent()) {
            wire.get().tell(payload);
        }
        return wire.isPresent();
    }

    /** To all that hear it; no router passes it on. */
    private void tell(byte[] payload) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address.getAddress(), 0))) {
            socket.setBroadcast(true);
            socket.send(new DatagramPacket(payload, payload.length, address.getBroadcast(), DISCARD));
        }
    }

    private static Stream<NetworkInterface> interfaces() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(card -> Stream.concat(Stream.of(card), card.subInterfaces()));
    }

    private static Optional<InterfaceAddress> address(NetworkInterface card) {
        try {
            return card.isUp() && !card.isLoopback()
                    ? card.getInterfaceAddresses().stream()
                            .filter(each -> each.getBroadcast() != null)
                            .findFirst()
                    : Optional.empty();
        } catch (SocketException gone) {
            return Optional.empty();
        }
    }
}
