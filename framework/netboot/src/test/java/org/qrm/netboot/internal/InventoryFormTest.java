package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.node.Inventory;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;

public class InventoryFormTest {

    @Test
    public void readsEachKind() {
        Inventory read = read("""
                device=cpu,socket 0,0,,AMD EPYC 7543,32 cores
                device=board,0ABC12,0,CN747,Dell Inc.,A01
                device=firmware,uefi,0,,Dell Inc.,1.9.2 11/17/2025
                device=tpm,tpm0,0,,,2.0
                device=memory,A1,65536,S3R,Samsung M393,DDR4 3200 MT/s
                device=disk,sda,381554,BTYF,INTEL SSDSC2KB40,ssd
                device=gpu,0000:3b:00.0,0,,10de:20b5,class 030200
                device=accelerator,0000:19:00.0,0,,1da3:1020,class 120000
                device=pci,0000:18:00.0,0,,8086:1563,class 020000 driver ixgbe
                device=neighbour,eth0,0,44:4c:a8:00:00:01,leaf01 Ethernet7,VLAN 30
                """);
        assertEquals(
                List.of(DeviceKind.values()),
                read.devices().stream().map(Device::kind).toList());
        assertEquals(
                new Device(DeviceKind.MEMORY, "A1", 65_536, "S3R", "Samsung M393", "DDR4 3200 MT/s"),
                read.devices().get(4));
        assertEquals("", read.leftOut());
        assertEquals(17, read.resource());
    }

    @Test
    public void leavesOutWhatIsNoDevice() {
        for (String line : List.of(
                "",
                "disk",
                "disk,sda,1,,",
                "floppy,fd0,1,,,",
                "DISK,sda,1,,,",
                ",,,,,",
                "disk;sda;1;;;",
                "disk,a\u202eb,1,,,")) {
            Inventory read = read("device=" + line + "\ndevice=disk,sdb,1,,,\n");
            assertEquals(line, 1, read.devices().size());
            assertTrue(line, read.leftOut().startsWith("device"));
        }
    }

    @Test
    public void takesADeviceWithoutTheSizeThatCannotBe() {
        for (String size : List.of("", "-1", "1e3", "big", "99999999999999999999", "4398046511105", " 1")) {
            Inventory read = read("device=disk,sda," + size + ",,,\n");
            assertEquals(size, 0, read.devices().get(0).sizeMb());
            assertTrue(size, read.leftOut().startsWith("size of sda"));
        }
        assertEquals(
                1L << 42,
                read("device=disk,sda,4398046511104,,,\n").devices().get(0).sizeMb());
    }

    @Test
    public void takesWhatMakersForgotForEmpty() {
        for (String text : List.of("To be filled by O.E.M.", "Not Specified", "00000000", "NO DIMM", " ", "DIMM 7")) {
            String serial =
                    read("device=memory,A1,1," + text + ",,\n").devices().get(0).serial();
            assertEquals(text, text.equals("DIMM 7") ? "DIMM 7" : "", serial);
        }
    }

    @Test
    public void cutsLongTextsAndKeepsCommasOfTheLast() {
        Device device = read("device=disk," + "n".repeat(200) + ",1," + "s".repeat(200) + ",m,a,b,c\n")
                .devices()
                .get(0);
        assertEquals("n".repeat(64), device.name());
        assertEquals("s".repeat(64), device.serial());
        assertEquals("a,b,c", device.details());
    }

    @Test
    public void takes128() {
        Inventory read = read("device=disk,sda,1,,,\n".repeat(200) + "left-out=9 more devices\n");
        assertEquals(128, read.devices().size());
        assertEquals("72 more devices: 128 are taken; 9 more devices", read.leftOut());
    }

    @Test
    public void hearsOfWhatIsToldLater() {
        assertEquals(Set.of(), read("device=disk,sda,1,,,\n").later());
        Inventory read = read("later=neighbour\nlater=disk\nlater=neighbour\nlater=LEAF\nlater=\n");
        assertEquals(Set.of(DeviceKind.NEIGHBOUR, DeviceKind.DISK), read.later());
        assertEquals("later 'LEAF': it is no kind of device; later: it is no kind of device", read.leftOut());
    }

    @Test
    public void refusesKeysThatNobodyKnows() {
        assertThrows(QrmException.class, () -> read("mac=52:54:00:aa:00:01\n"));
        assertEquals(List.of(), read("").devices());
    }

    private static Inventory read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return InventoryForm.read(
                NodeMessage.parse(bytes, bytes.length), NodeCredentials.fromHeader("Bearer 17.secret"));
    }
}
