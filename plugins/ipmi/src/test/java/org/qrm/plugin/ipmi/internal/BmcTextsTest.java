package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.Test;
import org.qrm.api.power.BmcLogEntry;
import org.qrm.api.power.Firmware;
import org.qrm.api.power.Sensor;
import org.qrm.api.power.SensorStatus;

/** Words of ipmitool 1.8.19, and what is read from them. */
public class BmcTextsTest {

    @Test
    public void readsSensorsWithValuesStatesAndNothing() {
        assertEquals(
                List.of(
                        new Sensor("Inlet Temp", SensorStatus.OK, 24.0, "degrees C", ""),
                        new Sensor("P1 VCORE", SensorStatus.CRITICAL, -0.94, "Volts", ""),
                        new Sensor("Fan 3", SensorStatus.WARNING, 1200.0, "RPM", ""),
                        new Sensor("Drive 1", SensorStatus.OK, null, "", "0x01"),
                        new Sensor("CPU 2", SensorStatus.UNKNOWN, null, "", "")),
                SensorText.read(List.of(
                        "Discovered IPMB address 0x0, transit 0",
                        "Inlet Temp,24,degrees C,ok,7.1,System Board,Temperature,,,,240.000",
                        "P1 VCORE,-0.94,Volts,lcr",
                        "Fan 3,1200,RPM,nc,29.3",
                        "Drive 1,0x01,ok,4.1",
                        "CPU 2,,,ns",
                        "no sensor at all",
                        "")));
    }

    @Test
    public void readsTheLogTheNewestFirstWithDatesAsBothVersionsWriteThem() {
        assertEquals(
                List.of(
                        new BmcLogEntry("4", null, "Fan", "odd date"),
                        new BmcLogEntry(
                                "3",
                                Instant.parse("2026-02-01T23:59:58Z"),
                                "Power Supply PS1",
                                "Power Supply AC lost, Asserted"),
                        new BmcLogEntry(
                                "2",
                                Instant.parse("2026-01-31T07:08:09Z"),
                                "Temperature Inlet",
                                "Upper Critical going high, Asserted, Reading 43 > Threshold 42 degrees C"),
                        new BmcLogEntry("1", null, "Event Logging Disabled SEL", "Log area reset/cleared, Asserted")),
                EventLogText.read(List.of(
                        "Get HPM.x said something",
                        "1, Pre-Init ,0000000009,Event Logging Disabled SEL,Log area reset/cleared,Asserted",
                        "2,01/31/2026,07:08:09 UTC,Temperature Inlet,Upper Critical going high,Asserted,Reading 43 >"
                                + " Threshold 42 degrees C",
                        "3,02/01/26,23:59:58 UTC,Power Supply PS1,Power Supply AC lost,Asserted",
                        "4,13/45/26,99:99:99 UTC,Fan,odd date")));
    }

    @Test
    public void readsTheFirmwareOfTheBmc() {
        assertEquals(
                List.of(new Firmware("BMC (Supermicro)", "3.88")),
                FirmwareText.read(List.of("Firmware Revision         : 3.88", "Manufacturer Name  : Supermicro")));
        assertEquals(
                List.of(new Firmware("BMC", "3.88")),
                FirmwareText.read(List.of("Firmware Revision : 3.88", "Manufacturer Name : Unknown (0xABC)")));
        assertEquals(List.of(), FirmwareText.read(List.of("nothing", ": 9")));
    }

    /** Whatever a BMC calls its sensors: nothing is thrown, and nothing goes on that a terminal obeys. */
    @Test
    public void bearsAnything() {
        Random random = new Random(42);
        String alphabet = "ab,,,:/ok0123456789 .-\u001b\u0000\u202e\ud800";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder line = new StringBuilder(round % 2 == 0 ? "1," : "x,");
            int length = random.nextInt(60);
            for (int each = 0; each < length; each++) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            List<String> lines =
                    List.of(line.append(round % 3 == 0 ? ",ok" : "").toString());
            String read = SensorText.read(lines).toString() + EventLogText.read(lines) + FirmwareText.read(lines);
            assertTrue(read, read.chars().noneMatch(c -> c < ' ' || c == 0x202e || c == 0xd800));
        }
        String endless = "x".repeat(100_000);
        assertEquals(
                121, SensorText.read(List.of(endless + ",1,V,ok")).get(0).name().length());
    }
}
