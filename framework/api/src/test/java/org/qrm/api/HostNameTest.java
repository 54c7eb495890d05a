package org.qrm.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class HostNameTest {

    @Test
    public void takesTheNamesOfRfc1123() {
        for (String name : List.of(
                "a",
                "web1",
                "web-1",
                "1a",
                "a.b",
                "3com.example",
                "X",
                "0".repeat(62) + "a",
                "node-525400aa0001",
                "10.0.0.1a",
                "0x",
                "0xg",
                "a0x1",
                "web.1",
                "0x1.0x2.0x3.0x4.0x5",
                "localhost5",
                "localhosts",
                "mylocalhost",
                "ip6-router")) {
            assertTrue(name, HostName.isOne(name));
            assertEquals(name, HostName.checked("rename", name));
        }
        String longest = ("a".repeat(63) + ".").repeat(3) + "a".repeat(61);
        assertTrue(HostName.isOne(longest));
        assertFalse(HostName.isOne(longest + "a"));
    }

    @Test
    public void refusesWhatIsNone() {
        for (String name : List.of(
                "",
                "-",
                "-a",
                "a-",
                "db_01",
                "a_",
                "x..y",
                ".a",
                "a.",
                "a.-b",
                "a-.b",
                "a b",
                "ä",
                "a:b",
                "a".repeat(64),
                "12",
                "10.0.0.1",
                "0x7f000001",
                "0xCAFE",
                "0x7f.1",
                "1.0x2.03.4",
                "1.2.3.4.5")) {
            assertFalse(name, HostName.isOne(name));
            assertThrows(name, QrmException.class, () -> HostName.checked("rename", name));
        }
        assertThrows(QrmException.class, () -> HostName.checked("rename", null));
    }

    @Test
    public void refusesTheNameThatEachMachineHas() {
        for (String name : List.of(
                "localhost",
                "LocalHost",
                "localhost.localdomain",
                "localhost.example.org",
                "db.localhost",
                "DB.LocalHost",
                "a.b.localhost.localdomain",
                "localhost4",
                "localhost6.localdomain6",
                "ip6-localhost",
                "ip6-loopback",
                "ipv6-localhost",
                "ipv6-loopback")) {
            assertThrows(name, QrmException.class, () -> HostName.checked("rename", name));
        }
    }
}
