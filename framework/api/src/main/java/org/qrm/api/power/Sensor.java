package org.qrm.api.power;

import java.util.Objects;
import org.qrm.api.Name;

/**
 * A sensor of a machine, as its BMC told. Texts are cut to 120 characters, without what a terminal obeys.
 *
 * @param name the BMC's: {@code Inlet Temp}
 * @param status what the BMC makes of it
 * @param value null when it has none, or a state instead of one
 * @param unit of the value: {@code degrees C}, {@code RPM}; may be empty
 * @param words what the BMC says besides; may be empty
 */
public record Sensor(String name, SensorStatus status, Double value, String unit, String words) {

    private static final int MOST = 120;

    public Sensor {
        name = Name.printable(name, MOST);
        Objects.requireNonNull(status);
        value = value == null || value.isNaN() || value.isInfinite() ? null : value;
        unit = Name.printable(unit, MOST);
        words = Name.printable(words, MOST);
    }
}
