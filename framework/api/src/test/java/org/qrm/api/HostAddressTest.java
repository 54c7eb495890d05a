package org.qrm.api;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class HostAddressTest {

    @Test
    public void takesAddressesAndNamesButNothingBetween() {
        for (String address : List.of("1.0.0.0", "10.0.0.9", "127.0.0.1", "192.168.1.255", "223.255.255.254")) {
            assertTrue(address, HostAddress.isIpv4(address) && HostAddress.isOne(address));
        }
        for (String name : List.of("bmc", "bmc-1.example.org", "3com")) {
            assertTrue(name, !HostAddress.isIpv4(name) && HostAddress.isOne(name));
        }
        for (String nobodys : List.of("0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255")) {
            assertTrue(nobodys, HostAddress.isIpv4(nobodys));
            assertFalse(nobodys, HostAddress.isUnicast(nobodys) || HostAddress.isOne(nobodys));
        }
        for (String neither : List.of(
                "0x7f000001",
                "0x7f.1",
                "0X0A.0x0.1",
                "010.0xff",
                "1.2.0x3.04",
                "",
                " ",
                "-H",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4\n",
                "1.2.3.4/8",
                "fe80::1",
                "a_b",
                "a..b",
                "٣.1.1.1")) {
            assertFalse(neither, HostAddress.isOne(neither));
        }
        assertFalse(HostAddress.isOne(null));
    }
}
