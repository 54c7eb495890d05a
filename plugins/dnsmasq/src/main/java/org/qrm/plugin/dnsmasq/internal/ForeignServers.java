package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Finds out who else answers DHCP on the network of an interface, by asking. */
final class ForeignServers {

    // a server may try the address with a ping before it offers it: dnsmasq takes 3 s for that
    private static final Duration PATIENCE = Duration.ofMillis(4500);
    private static final Duration ASK_AGAIN = Duration.ofMillis(1500);
    private static final int TIMES = 2;

    private final SecureRandom random = new SecureRandom();

    /**
     * What was found.
     *
     * @param server its address, 0.0.0.0 if it does not say
     * @param proxy whether it offers a boot loader but no address
     */
    record Found(Ipv4 server, boolean proxy) {}

    /**
     * Asks twice, as any client and as boot firmware, and waits for answers for some seconds.
     *
     * @throws org.qrm.api.QrmException REFUSED when it cannot ask
     */
    Set<Found> on(InterfaceAddress own) throws IOException {
        // bound to an address, a broadcast leaves by that interface; answers are broadcast, so they need a socket
        // without one
        try (DatagramChannel asking =
                        channel(new InetSocketAddress(own.address().inet(), DhcpMessage.CLIENT_PORT));
                DatagramChannel listening = channel(new InetSocketAddress("0.0.0.0", DhcpMessage.CLIENT_PORT));
                Selector answers = Selector.open()) {
            asking.register(answers, SelectionKey.OP_READ);
            listening.register(answers, SelectionKey.OP_READ);
            return ask(own, asking, answers);
        } catch (BindException e) {
            throw Launcher.refusal(
                    "it cannot be found out whether another DHCP server answers there: " + e.getMessage(),
                    "End the program that holds UDP port 68, or set allowForeign = true to start without looking.");
        }
    }

    private Set<Found> ask(InterfaceAddress own, DatagramChannel asking, Selector answers) throws IOException {
        int plain = random.nextInt();
        int pxe = random.nextInt();
        Set<Found> found = new LinkedHashSet<>();
        long began = System.nanoTime();
        for (int asked = 0; ; ) {
            long passed = System.nanoTime() - began;
            if (passed >= PATIENCE.toNanos()) {
                return found;
            }
            if (asked < TIMES && passed >= ASK_AGAIN.toNanos() * asked) {
                send(asking, DhcpMessage.discover(plain, own.hardware(), false));
                send(asking, DhcpMessage.discover(pxe, own.hardware(), true));
                asked++;
            }
            answers.select(100);
            for (SelectionKey key : answers.selectedKeys()) {
                read((DatagramChannel) key.channel(), plain, pxe).ifPresent(found::add);
            }
            answers.selectedKeys().clear();
        }
    }

    private static void send(DatagramChannel channel, ByteBuffer message) {
        try {
            channel.send(message, new InetSocketAddress("255.255.255.255", DhcpMessage.SERVER_PORT));
        } catch (IOException e) {
            throw Launcher.refusal(
                    "it cannot be found out whether another DHCP server answers there: " + e.getMessage(),
                    "Is the interface up? (ip -brief link) It starts by itself then.");
        }
    }

    private static Optional<Found> read(DatagramChannel channel, int plain, int pxe) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(DhcpMessage.LARGEST);
        if (channel.receive(message) == null) {
            return Optional.empty();
        }
        message.flip();
        return DhcpMessage.offer(message, plain)
                .or(() -> DhcpMessage.offer(message, pxe))
                .map(offer -> new Found(offer.server() == null ? new Ipv4(0) : offer.server(), offer.proxy()));
    }

    private static DatagramChannel channel(InetSocketAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
            channel.configureBlocking(false);
            return channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
