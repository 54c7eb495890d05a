package org.qrm.core.node;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.Test;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;

public class DeviceChangesTest {

    @Test
    public void halfOfTheMemoryIsMissing() {
        List<Device> eight = modules(8);
        assertEquals(
                "4 memory modules, there were 8 (gone: DIMM 4 M393 of 65536 MiB (serial number S4), DIMM 5 M393 of 65536 MiB"
                        + " (serial number S5), DIMM 6 M393 of 65536 MiB (serial number S6) and 1 more)",
                DeviceChanges.between(eight, eight.subList(0, 4)));
    }

    @Test
    public void aDiskWasExchanged() {
        assertEquals(
                "1 disk (gone: sda of 1 MiB (serial number A), new: sda of 1 MiB (serial number B))",
                DeviceChanges.between(List.of(disk("sda", "A")), List.of(disk("sda", "B"))));
    }

    @Test
    public void firmwareWasUpdated() {
        assertEquals(
                "1 firmware (gone: uefi Dell 1.0, new: uefi Dell 1.1)",
                DeviceChanges.between(List.of(firmware("1.0")), List.of(firmware("1.1"))));
    }

    @Test
    public void anotherOrderAndOtherNamesAreNoChange() {
        assertEquals(
                "",
                DeviceChanges.between(
                        List.of(disk("sda", "A"), disk("sdb", "B")), List.of(disk("sdb", "A"), disk("sda", "B"))));
        List<Device> modules = new ArrayList<>(modules(8));
        Collections.reverse(modules);
        assertEquals("", DeviceChanges.between(modules(8), modules));
    }

    @Test
    public void anotherNameForTheSameNumbersIsNoChange() {
        String[][] names = {
            {"10de:20b5", "NVIDIA GA100 [A100 PCIe 80GB] 10de:20b5"},
            {"NVIDIA 10de:20b5", "NVIDIA GA100 10de:20b5"},
            {"", ""}
        };
        for (String[] name : names) {
            assertEquals("", DeviceChanges.between(List.of(gpu(name[0])), List.of(gpu(name[1]))));
            assertEquals("", DeviceChanges.between(List.of(gpu(name[1])), List.of(gpu(name[0]))));
        }
        assertEquals(
                "1 graphics processor (gone: 0000:3b:00.0 NVIDIA A 10de:20b5, new: 0000:3b:00.0 NVIDIA A 10de:20b6)",
                DeviceChanges.between(List.of(gpu("NVIDIA A 10de:20b5")), List.of(gpu("NVIDIA A 10de:20b6"))));
    }

    @Test
    public void twinsAreCounted() {
        Device twin = disk("sda", "");
        assertEquals(
                "1 disk, there were 3 (gone: sda of 1 MiB, sda of 1 MiB)",
                DeviceChanges.between(List.of(twin, twin, twin), List.of(twin)));
        assertEquals("", DeviceChanges.between(List.of(twin, twin), List.of(twin, twin)));
    }

    @Test
    public void allIsGone() {
        assertEquals(
                "no disks, there was 1 (gone: sda of 1 MiB (serial number A))",
                DeviceChanges.between(List.of(disk("sda", "A")), List.of()));
    }

    private static List<Device> modules(int count) {
        List<Device> modules = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            modules.add(new Device(DeviceKind.MEMORY, "DIMM " + each, 65_536, "S" + each, "M393", ""));
        }
        return modules;
    }

    private static Device disk(String name, String serial) {
        return new Device(DeviceKind.DISK, name, 1, serial, "", "");
    }

    private static Device gpu(String model) {
        return new Device(DeviceKind.GPU, "0000:3b:00.0", 0, "", model, "");
    }

    private static Device firmware(String version) {
        return new Device(DeviceKind.FIRMWARE, "uefi", 0, "", "Dell", version);
    }
}
