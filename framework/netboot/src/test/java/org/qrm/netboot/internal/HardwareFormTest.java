package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.NetworkCard;

/** Machines as they are out there: none of them is refused for what it is made of. */
public class HardwareFormTest {

    private static final String SECOND = "nic=52:54:00:bb:00:01,eth1,,0\n";

    @Test
    public void leavesOutASecondCardWithoutAnAddressOfItsOwn() {
        for (String mac : List.of(
                "00:00:00:00:00:00",
                "ff:ff:ff:ff:ff:ff",
                "01:23:45:67:89:ab",
                "33:33:00:00:00:01",
                "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:8d:8a:21",
                "00:11:22:33:44",
                "00-11-22-33-44-5g",
                "",
                "none",
                "::::::::::::::::",
                "é\u0301:11:22:33:44:55")) {
            Hardware hardware = second(mac + ",enp3s0,ixgbe,0");
            assertEquals(mac, List.of("eth0"), names(hardware));
            assertTrue(mac, leftOut(hardware).contains("network card '" + mac));
        }
    }

    @Test
    public void takesACardWithoutTheSpeedThatCannotBe() {
        for (String speed : List.of("10000001", "1e3", "+1", "fast", "99999999999999999999", " 10")) {
            Hardware hardware = second("52:54:00:bb:00:01,eth1,e1000," + speed);
            assertEquals(speed, 0, hardware.nics().get(1).speedMbit());
            assertTrue(speed, leftOut(hardware).contains("speed of network card 52:54:00:bb:00:01 '" + speed + "'"));
        }
    }

    @Test
    public void saysNothingOfASpeedThatTheKernelDoesNotKnow() {
        for (String speed : List.of("4294967295", "-1", "65535", "unknown", "", "0")) {
            Hardware hardware = second("52:54:00:bb:00:01,eth1,e1000," + speed);
            assertEquals(speed, 0, hardware.nics().get(1).speedMbit());
            assertEquals(speed, "", leftOut(hardware));
        }
    }

    @Test
    public void takesACardWithoutItsOddNameOrDriver() {
        for (String name : List.of("$(reboot)", "naïve", "a b", "a'b", "a=b", "x".repeat(33), "日本")) {
            Hardware hardware = second("52:54:00:bb:00:01," + name + ",drv,10");
            assertEquals(name, "", hardware.nics().get(1).name());
            assertEquals(name, "drv", hardware.nics().get(1).driver());
            assertEquals(name, 10, hardware.nics().get(1).speedMbit());
            assertTrue(name, leftOut(hardware).contains("name of network card 52:54:00:bb:00:01"));
        }
        assertEquals("", second("52:54:00:bb:00:01,eth1,dr\"v,0").nics().get(1).driver());
    }

    @Test
    public void takesTheAddressOfALineThatHasOtherParts() {
        for (String line : List.of("52:54:00:bb:00:01", "52:54:00:bb:00:01,eth1", "52:54:00:bb:00:01,a,b,c,0")) {
            Hardware hardware = second(line);
            assertEquals(line, "52:54:00:bb:00:01", hardware.nics().get(1).mac().value());
            assertFalse(line, leftOut(hardware).isEmpty());
        }
    }

    @Test
    public void takesOneOfTwoCardsWithOneAddress() {
        assertEquals(List.of("eth0"), names(second("52:54:00:aa:00:01,eth1,,0")));
        assertEquals(
                List.of("eth0", "eth1"), names(second("52:54:00:bb:00:01,eth1,,0\nnic=52:54:00:bb:00:01,eth2,,0")));
    }

    @Test
    public void hasTheBootCardFirstWhateverTheOrderAndEvenWhenNothingElseIsKnownOfIt() {
        String boot = "nic=52:54:00:aa:00:01,eth0,e1000,1000\n";
        assertEquals(
                List.of("eth0", "eth1"),
                names(read(NodeServletTest.REGISTRATION.replace(boot, "").replace(SECOND, SECOND + boot))));
        for (String instead : List.of("", "nic=\n", "nic=nonsense\n", "nic=52:54:00:aa:00,eth0,e1000,1000\n")) {
            Hardware hardware = read(NodeServletTest.REGISTRATION.replace(boot, instead));
            assertEquals(
                    instead, "52:54:00:aa:00:01", hardware.nics().get(0).mac().value());
            assertEquals(instead, List.of("", "eth1"), names(hardware));
            assertTrue(instead, leftOut(hardware).contains("boot card"));
        }
    }

    @Test
    public void takesThirtyTwoOfAHundredCards() {
        String others = IntStream.range(0, 99)
                .mapToObj(i -> String.format("nic=52:54:00:bb:00:%02x,eth%d,,0%n", i, i + 1))
                .collect(Collectors.joining());
        Hardware hardware = read(NodeServletTest.REGISTRATION.replace(SECOND, others));
        assertEquals(32, hardware.nics().size());
        assertEquals("68 more network cards: 32 are taken", leftOut(hardware));
    }

    @Test
    public void knowsNothingOfNumbersThatCannotBe() {
        for (String number : List.of("", "0", "-1", "8193", "1e3", "two", "1.5", "99999999999999999999")) {
            Hardware hardware = read(NodeServletTest.REGISTRATION.replace("cpus=2", "cpus=" + number));
            assertEquals(number, 0, hardware.cpus());
            assertEquals(number, 2400, hardware.cpuMhz());
            assertTrue(number, leftOut(hardware).startsWith("cpus: "));
        }
        for (String number : List.of("", "-1", "100001", "2.4GHz")) {
            assertEquals(
                    0,
                    read(NodeServletTest.REGISTRATION.replace("cpu-mhz=2400", "cpu-mhz=" + number))
                            .cpuMhz());
        }
        for (String line : List.of("", "memory-mb=0\n", "memory-mb=4294967297\n")) {
            assertEquals(
                    0,
                    read(NodeServletTest.REGISTRATION.replace("memory-mb=2048\n", line))
                            .memoryMb());
        }
    }

    @Test
    public void takesTheBiggestMachines() {
        Hardware hardware = read(NodeServletTest.REGISTRATION
                .replace("cpus=2", "cpus=4096")
                .replace("memory-mb=2048", "memory-mb=67108864")
                .replace("cpu-mhz=2400", "cpu-mhz=0"));
        assertEquals(4096, hardware.cpus());
        assertEquals(67_108_864, hardware.memoryMb());
        assertEquals("", leftOut(hardware));
    }

    @Test
    public void leavesOutTextsThatCannotBeShown() {
        for (String text : List.of(
                "\u0001",
                "a\tb",
                "\u001b[2J",
                "a\u202eb",
                "\u200b",
                "\u2028",
                "x".repeat(129),
                "é".repeat(65),
                "x".repeat(1025))) {
            Hardware hardware = read(NodeServletTest.REGISTRATION.replace("product=Büchse", "product=" + text));
            assertFalse(text, hardware.details().containsKey("product"));
            assertTrue(text, leftOut(hardware).startsWith("product"));
        }
    }

    @Test
    public void leavesOutATextThatIsNotUtf8() {
        byte[] text = NodeServletTest.REGISTRATION.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text);
        bytes.writeBytes(new byte[] {'s', 'e', 'r', 'i', 'a', 'l', '=', (byte) 0xff, (byte) 0xc3, '(', '\n'});
        Hardware hardware = RegistrationForm.read(NodeMessage.parse(bytes.toByteArray(), bytes.size()), "10.77.0.101")
                .hardware();
        assertFalse(hardware.details().containsKey("serial"));
        assertEquals("serial: its value is not UTF-8", leftOut(hardware));
    }

    @Test
    public void takesWhatMakersForgotToFillInForNothing() {
        for (String text : List.of(
                "To be filled by O.E.M.",
                "To Be Filled By O.E.M.",
                "Default string",
                "Not Specified",
                "None",
                "N/A",
                "System Serial Number",
                "0123456789",
                "00000000",
                "..........",
                "xxxxxxxx",
                "   ",
                "00000000-0000-0000-0000-000000000000",
                "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
                "03000200-0400-0500-0006-000700080009",
                "None Provided",
                "NO DIMM",
                "[Empty]",
                "<OUT OF SPEC>",
                "<BAD INDEX>",
                "Base Board Serial Number",
                "Serial Number",
                "Not Settable",
                "Not Defined",
                "No Asset Information",
                "MB-1234567890",
                "To be filled",
                "12345678",
                "##########",
                "****",
                "????????",
                "12345678-1234-5678-90AB-CDDEEFAABBCC",
                "00020003-0004-0005-0006-000700080009",
                "fefefefe-fefe-fefe-fefe-fefefefefefe",
                "Asset-1234567890", // ASUS
                "BSN12345678901234567",
                "MB-1234567890123456",
                "SN 123456789",
                "1234567890ABCDEF",
                "0123456789ABCDEF",
                "012345678901234567890123456789",
                "123456789012",
                "1234567",
                "Enter Serial",
                "Filled by O.E.M.",
                "Default_String",
                "SerialNumber",
                "Type2 - Board Serial Number", // Intel
                "To Be Filled By O.E.M. by More String", // ASRock
                "Unknow",
                "Unspecified",
                "<EMPTY>",
                "N.A.",
                "OEM Default string000",
                "Default Serial Number",
                "4C4C4544-0000-2010-8020-80C04F202020", // Dell, without a service tag
                "20202020-2020-2020-2020-202020202020",
                "11111111-1111-1111-1111-111111111111",
                "A5A5A5A5-A5A5-A5A5-A5A5-A5A5A5A5A5A5",
                "03020100-0504-0706-0809-0A0B0C0D0E0F", // Quanta, Gigabyte
                "00010203-0405-0607-0809-0A0B0C0D0E0F",
                "78563412-3412-7856-90AB-CDDEEFAABBCC",
                "00112233-4455-6677-8899-AABBCCDDEEFF",
                "01234567-89AB-CDEF-0123-456789ABCDEF")) {
            Hardware hardware = read(NodeServletTest.REGISTRATION + "serial=" + text + "\nuuid=" + text + "\n");
            assertFalse(text, hardware.details().containsKey("serial"));
            assertFalse(text, hardware.details().containsKey("uuid"));
            assertEquals(text, "", leftOut(hardware));
        }
        for (String text : List.of(
                "5Q4Q7Y1",
                "C1234567",
                "123456",
                "1234568",
                "CZ3123456789",
                "2345678901",
                "S12345678",
                "MT70C9K00107836")) {
            assertEquals(
                    text,
                    read(NodeServletTest.REGISTRATION + "serial=" + text + "\n")
                            .details()
                            .get("serial"));
        }
        assertEquals(
                "4C4C4544-0000-2010-8020-80C04F4A4A32",
                read(NodeServletTest.REGISTRATION + "uuid=4C4C4544-0000-2010-8020-80C04F4A4A32\n")
                        .details()
                        .get("uuid"));
    }

    @Test
    public void tellsWhatTheMachineItselfLeftOut() {
        assertEquals(
                "network card zeros: its address is none",
                leftOut(read(NodeServletTest.REGISTRATION + "left-out=network card zeros: its address is none\n")));
    }

    @Test
    public void saysHowMuchMoreThereIsWhenMuchIsOdd() {
        Hardware hardware = read(NodeServletTest.REGISTRATION + ("left-out=" + "x".repeat(100) + "\n").repeat(9));
        assertTrue(leftOut(hardware).endsWith("; and 3 more"));
    }

    @Test
    public void takesTheAddressOfABmcThatAMachineCanHave() {
        for (String address : List.of("10.9.0.1", "192.168.1.254", "1.2.3.4", "223.255.255.254")) {
            assertEquals(address, bmc(address).details().get(Hardware.BMC_ADDRESS));
        }
        assertEquals(null, bmc("").details().get(Hardware.BMC_ADDRESS));
        for (String address : List.of(
                "0.0.0.1",
                "127.0.0.1",
                "169.254.0.17",
                "224.0.0.1",
                "255.255.255.255",
                "10.9.0.256",
                "010.9.0.1",
                "10.9.0",
                "bmc.example.org",
                "10.9.0.1 --eval",
                "fe80::1",
                "$(reboot)")) {
            Hardware hardware = bmc(address);
            assertEquals(address, null, hardware.details().get(Hardware.BMC_ADDRESS));
            assertTrue(address, leftOut(hardware).contains("bmc-address '" + address + "'"));
        }
    }

    @Test
    public void tellsWhetherSecureBootIsOn() {
        for (String said : List.of("on", "off")) {
            assertEquals(said, secureBoot(said).details().get(Hardware.SECURE_BOOT));
        }
        assertEquals(null, secureBoot("").details().get(Hardware.SECURE_BOOT));
        Hardware odd = secureBoot("perhaps");
        assertEquals(null, odd.details().get(Hardware.SECURE_BOOT));
        assertTrue(leftOut(odd).contains("secure-boot 'perhaps'"));
    }

    private static Hardware secureBoot(String said) {
        return read(NodeServletTest.REGISTRATION + "secure-boot=" + said + "\n");
    }

    private static Hardware bmc(String address) {
        return read(NodeServletTest.REGISTRATION + "bmc-address=" + address + "\n");
    }

    private static Hardware second(String card) {
        return read(NodeServletTest.REGISTRATION.replace(SECOND, "nic=" + card + "\n"));
    }

    private static Hardware read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return RegistrationForm.read(NodeMessage.parse(bytes, bytes.length), "10.77.0.101")
                .hardware();
    }

    private static List<String> names(Hardware hardware) {
        return hardware.nics().stream().map(NetworkCard::name).toList();
    }

    private static String leftOut(Hardware hardware) {
        return hardware.details().getOrDefault(Hardware.LEFT_OUT, "");
    }
}
