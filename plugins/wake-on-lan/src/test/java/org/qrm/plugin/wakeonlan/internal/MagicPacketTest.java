package org.qrm.plugin.wakeonlan.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.resource.MacAddress;

public class MagicPacketTest {

    private static final MacAddress CARD = new MacAddress("52:54:00:aa:00:01");

    @Test
    public void isSixOctetsOfOnesAndTheCardSixteenTimes() {
        String packet = HexFormat.of().formatHex(MagicPacket.of(CARD, new byte[0]));
        assertEquals("ffffffffffff" + "525400aa0001".repeat(16), packet);
    }

    @Test
    public void endsWithThePasswordOfTheCard() {
        byte[] password = MagicPacket.password("00-1B:fF:7f-80:09").orElseThrow();
        assertArrayEquals(new byte[] {0, 0x1b, -1, 0x7f, -128, 9}, password);
        String packet = HexFormat.of().formatHex(MagicPacket.of(CARD, password));
        assertEquals("ffffffffffff" + "525400aa0001".repeat(16) + "001bff7f8009", packet);
    }

    @Test
    public void noPasswordIsAnAnswerAndOthersAreNone() {
        assertArrayEquals(new byte[0], MagicPacket.password("").orElseThrow());
        for (String wrong : List.of(
                " ",
                "secret",
                "00:11:22:33:44",
                "00:11:22:33:44:55:66",
                "001122334455",
                "00:11:22:33:44:5",
                "00:11:22:33:44:5g",
                "0:11:22:33:44:555",
                "00:11:22:33:44:55\n",
                "+0:11:22:33:44:55",
                "192.168.1.1")) {
            assertFalse(wrong, MagicPacket.password(wrong).isPresent());
            Map<String, String> reasons =
                    new CardQuestions().validate(Map.of(CardQuestions.INTERFACE, "x", CardQuestions.PASSWORD, wrong));
            assertFalse(reasons.toString(), reasons.get(CardQuestions.PASSWORD).contains(wrong.strip() + "\""));
        }
    }

    @Test
    public void whatIsNoInterfaceIsRefusedAndThoseThatAreTold() {
        for (String wrong : List.of("", "lo", "nosuch0", "../eth0", "eth0;id", "\u0007", "e".repeat(2000))) {
            String reason = new CardQuestions()
                    .validate(Map.of(CardQuestions.INTERFACE, wrong))
                    .get(CardQuestions.INTERFACE);
            assertEquals(
                    wrong, true, reason.contains("is no interface of this server") && reason.contains("there are: "));
            assertFalse(reason, reason.contains("\u0007"));
        }
    }
}
