package org.qrm.plugin.dnsmasq.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** DHCP on the wire (RFC 2131, RFC 2132, RFC 4578), as much as it takes to ask who answers. */
final class DhcpMessage {

    static final int SERVER_PORT = 67;
    static final int CLIENT_PORT = 68;

    /** Offers beyond this are cut off: the options that count come first. */
    static final int LARGEST = 1500;

    private static final int OPTIONS = 236;
    private static final int COOKIE = 0x63825363;
    private static final int LEAST_LENGTH = 300;
    private static final byte REQUEST = 1;
    private static final byte REPLY = 2;
    private static final byte DISCOVER = 1;
    private static final byte OFFER = 2;

    private DhcpMessage() {}

    /**
     * An answer to a DISCOVER.
     *
     * @param server who says so (option 54), or null
     * @param address what it would give, 0.0.0.0 for a proxyDHCP server
     */
    record Offer(Ipv4 server, Ipv4 address) {
        boolean proxy() {
            return address.bits() == 0;
        }
    }

    /**
     * A DISCOVER whose answers are broadcast.
     *
     * @param asPxe whether to ask as network boot firmware, which proxyDHCP servers answer too
     */
    static ByteBuffer discover(int transaction, byte[] hardware, boolean asPxe) {
        ByteBuffer message = ByteBuffer.allocate(LARGEST);
        message.put(REQUEST).put((byte) 1).put((byte) 6).put((byte) 0).putInt(transaction);
        message.putShort((short) 0).putShort((short) 0x8000);
        message.position(28);
        message.put(hardware);
        message.position(OPTIONS);
        message.putInt(COOKIE);
        option(message, 53, DISCOVER);
        option(message, 55, (byte) 1, (byte) 3, (byte) 54, (byte) 66, (byte) 67);
        if (asPxe) {
            option(message, 60, "PXEClient:Arch:00000:UNDI:002001".getBytes(StandardCharsets.US_ASCII));
            option(message, 93, (byte) 0, (byte) 0);
            option(message, 94, (byte) 1, (byte) 2, (byte) 1);
        }
        message.put((byte) 255);
        message.position(Math.max(message.position(), LEAST_LENGTH));
        return message.flip();
    }

    /** Reads an OFFER of that transaction; whatever else arrives, and however malformed, is no offer. */
    static Optional<Offer> offer(ByteBuffer message, int transaction) {
        if (message.remaining() < OPTIONS + 4
                || message.get(0) != REPLY
                || message.getInt(4) != transaction
                || message.getInt(OPTIONS) != COOKIE) {
            return Optional.empty();
        }
        byte[] address = new byte[4];
        message.get(16, address);
        byte type = 0;
        Ipv4 server = null;
        int at = OPTIONS + 4;
        while (at < message.limit() && message.get(at) != (byte) 255) {
            if (message.get(at) == 0) {
                at++;
                continue;
            }
            if (at + 1 >= message.limit() || at + 2 + (message.get(at + 1) & 0xff) > message.limit()) {
                break;
            }
            int length = message.get(at + 1) & 0xff;
            if (message.get(at) == 53 && length == 1) {
                type = message.get(at + 2);
            } else if (message.get(at) == 54 && length == 4) {
                byte[] bytes = new byte[4];
                message.get(at + 2, bytes);
                server = Ipv4.of(bytes, 0);
            }
            at += 2 + length;
        }
        return type == OFFER ? Optional.of(new Offer(server, Ipv4.of(address, 0))) : Optional.empty();
    }

    private static void option(ByteBuffer message, int code, byte... value) {
        message.put((byte) code).put((byte) value.length).put(value);
    }
}
