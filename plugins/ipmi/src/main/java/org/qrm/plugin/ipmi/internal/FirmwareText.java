package org.qrm.plugin.ipmi.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qrm.api.power.Firmware;

/** What {@code ipmitool mc info} writes: {@code Firmware Revision : 9.08}, of the BMC itself; IPMI tells of no other. */
final class FirmwareText {

    private FirmwareText() {}

    /** Empty when it tells none. */
    static List<Firmware> read(List<String> lines) {
        Map<String, String> told = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                told.putIfAbsent(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        String version = told.getOrDefault("Firmware Revision", "");
        String maker = told.getOrDefault("Manufacturer Name", "");
        return version.isEmpty()
                ? List.of()
                : List.of(new Firmware(
                        maker.isEmpty() || maker.startsWith("Unknown") ? "BMC" : "BMC (" + maker + ")", version));
    }
}
