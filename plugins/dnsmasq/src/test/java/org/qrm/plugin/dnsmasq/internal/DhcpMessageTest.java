package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.Test;

public class DhcpMessageTest {

    private static final int TRANSACTION = 0x01020304;

    @Test
    public void readsAnOffer() {
        ByteBuffer offer = offer(2, new byte[] {53, 1, 2, 54, 4, 10, 9, 1, 9, (byte) 255});
        assertEquals(
                Optional.of(new DhcpMessage.Offer(
                        Ipv4.parse("10.9.1.9").orElseThrow(),
                        Ipv4.parse("10.9.1.20").orElseThrow())),
                DhcpMessage.offer(offer, TRANSACTION));
    }

    @Test
    public void takesNothingElseForAnOffer() {
        byte[] options = {53, 1, 2, (byte) 255};
        assertTrue(DhcpMessage.offer(offer(1, options), TRANSACTION).isEmpty());
        assertTrue(DhcpMessage.offer(offer(2, options), TRANSACTION + 1).isEmpty());
        assertTrue(DhcpMessage.offer(offer(2, new byte[] {53, 1, 5, (byte) 255}), TRANSACTION)
                .isEmpty());
        assertTrue(DhcpMessage.offer(offer(2, new byte[] {53, (byte) 200, 2}), TRANSACTION)
                .isEmpty());
        assertTrue(DhcpMessage.offer(offer(2, new byte[] {53}), TRANSACTION).isEmpty());
        assertTrue(DhcpMessage.offer(DhcpMessage.discover(TRANSACTION, new byte[6], true), TRANSACTION)
                .isEmpty());
    }

    @Test
    public void survivesWhateverArrives() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] options = new byte[random.nextInt(60)];
            random.nextBytes(options);
            DhcpMessage.offer(offer(2, options), TRANSACTION);
        }
    }

    private static ByteBuffer offer(int operation, byte[] options) {
        ByteBuffer message = ByteBuffer.allocate(240 + options.length);
        message.put(0, (byte) operation).putInt(4, TRANSACTION).putInt(236, 0x63825363);
        message.put(16, new byte[] {10, 9, 1, 20});
        message.put(240, options);
        return message;
    }
}
