package org.qrm.api.resource;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class MacAddressTest {

    @Test
    public void readsTheUsualSpellings() {
        String[] spellings = {
            "52:54:00:AA:00:01",
            "52-54-00-aa-00-01",
            "52:54-00:aA:00-01",
            "52:54:0:aa:0:1", // Solaris, BSD
            "5254.00aa.0001", // Cisco
            "5254.00AA.0001",
            "5254-00aa-0001", // Huawei
            "5254:00aa:0001",
            "525400-aa0001", // HPE
            "525400aa0001", // VMware, labels
            "525400AA0001",
        };
        for (String spelling : spellings) {
            assertEquals(
                    spelling, "52:54:00:aa:00:01", MacAddress.parse(spelling).value());
        }
        assertEquals("00:00:5e:00:53:0a", MacAddress.parse("0:0:5e:0:53:a").value());
    }

    @Test
    public void refusesWhatIsNoCardsAddress() {
        String[] wrong = {
            null,
            "",
            "52:54:00:aa:00",
            "52:54:00:aa:00:01:02",
            "525400aa000",
            "525400aa00011",
            "0x525400aa0001",
            "52.54.00.aa.00.01",
            "5254.00aa.001",
            "5254.00aa0001",
            "52:54:00:aa:00:",
            "52::54:00:aa:01",
            "52-54-0-aa-0-1",
            "52:54:00:aa:00:001",
            "ffff.ffff.ffff",
            "0100.5e00.0001",
            "000000000000",
            "52:54:00:ff:fe:aa:00:01", // EUI-64
            "01-52-54-00-aa-00-01", // a file of PXELINUX
            "52:54:00:aa:00:0g",
            "52:54:00:aa:00:01\n",
            "٥2:54:00:aa:00:01", // an Arabic digit
            "ff:ff:ff:ff:ff:ff",
            "01:00:5e:00:00:01",
            "33:33:00:00:00:01",
            "00:00:00:00:00:00",
        };
        for (String text : wrong) {
            QrmException refused = assertThrows(String.valueOf(text), QrmException.class, () -> MacAddress.parse(text));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
    }

    @Test
    public void acceptsAddressesThatSomebodyAdministersLocally() {
        assertEquals("02:00:00:00:00:01", MacAddress.parse("02:00:00:00:00:01").value());
    }

    @Test
    public void hasBytesAndAnOrder() {
        assertArrayEquals(
                new byte[] {0x52, 0x54, 0, (byte) 0xaa, 0, (byte) 0xff},
                MacAddress.parse("52:54:00:aa:00:ff").bytes());
        assertTrue(MacAddress.parse("52:54:00:aa:00:01").compareTo(MacAddress.parse("52:54:00:aa:00:02")) < 0);
    }

    @Test
    public void onlyTheCanonicalFormIsAValue() {
        assertThrows(QrmException.class, () -> new MacAddress("52:54:00:AA:00:01"));
        assertThrows(QrmException.class, () -> new MacAddress("52-54-00-aa-00-01"));
    }
}
