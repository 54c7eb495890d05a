package org.qrm.plugin.ipmi.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.qrm.api.power.Sensor;
import org.qrm.api.power.SensorStatus;

/**
 * What {@code ipmitool -c -v sdr elist} writes: a line for each sensor, {@code name,value,unit,status,…}; of one that has states
 * {@code name,words,status,…} (ipmitool's ipmi_sdr.c).
 */
final class SensorText {

    private static final Map<String, SensorStatus> STATUS = Map.ofEntries(
            Map.entry("ok", SensorStatus.OK),
            Map.entry("ns", SensorStatus.UNKNOWN),
            Map.entry("us", SensorStatus.UNKNOWN),
            Map.entry("nc", SensorStatus.WARNING),
            Map.entry("lnc", SensorStatus.WARNING),
            Map.entry("unc", SensorStatus.WARNING),
            Map.entry("cr", SensorStatus.CRITICAL),
            Map.entry("lcr", SensorStatus.CRITICAL),
            Map.entry("ucr", SensorStatus.CRITICAL),
            Map.entry("nr", SensorStatus.CRITICAL),
            Map.entry("lnr", SensorStatus.CRITICAL),
            Map.entry("unr", SensorStatus.CRITICAL));

    private static final int STATUS_OF_VALUE = 3;
    private static final int STATUS_OF_STATES = 2;

    private SensorText() {}

    /** In its order; lines that tell of none are left out. */
    static List<Sensor> read(List<String> lines) {
        return lines.stream().map(SensorText::sensor).filter(Objects::nonNull).toList();
    }

    private static Sensor sensor(String line) {
        String[] parts = line.split(",", -1);
        for (int at : new int[] {STATUS_OF_VALUE, STATUS_OF_STATES}) {
            SensorStatus status = parts.length > at ? STATUS.get(parts[at].strip()) : null;
            if (status != null) {
                Double value = number(parts[1]);
                String unit = value != null && at == STATUS_OF_VALUE ? parts[2].strip() : "";
                return new Sensor(parts[0].strip(), status, value, unit, value == null ? parts[1].strip() : "");
            }
        }
        return null;
    }

    private static Double number(String text) {
        return text.strip().matches("-?[0-9]{1,12}(\\.[0-9]{1,6})?") ? Double.valueOf(text.strip()) : null;
    }
}
