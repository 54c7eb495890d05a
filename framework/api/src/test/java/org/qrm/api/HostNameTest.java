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
                "10.0.0.1a")) {
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
                "10.0.0.1")) {
            assertFalse(name, HostName.isOne(name));
            assertThrows(name, QrmException.class, () -> HostName.checked("rename", name));
        }
        assertThrows(QrmException.class, () -> HostName.checked("rename", null));
    }

    @Test
    public void refusesTheNameThatEachMachineHas() {
        for (String name : List.of("localhost", "LocalHost", "localhost.localdomain")) {
            assertThrows(name, QrmException.class, () -> HostName.checked("rename", name));
        }
    }
}
