package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qrm.api.power.Sensor;
import org.qrm.api.power.SensorStatus;

/**
 * The sensors of a machine's chassis: of the schemas Thermal and Power, which tell all in one answer each; where a chassis has neither, of
 * its collection Sensors.
 */
final class Sensors {

    private static final int MOST_CHASSIS = 8;
    private static final int MOST = 300;

    private final Conversation talk;
    private final List<Sensor> all = new ArrayList<>();

    private Sensors(Conversation talk) {
        this.talk = talk;
    }

    /** In the order of the service. */
    static List<Sensor> read(Conversation talk, ComputerSystem system) {
        Sensors sensors = new Sensors(talk);
        JsonNode chassis = system.answer().json().path("Links").path("Chassis");
        Members.listed(talk, system.answer(), MOST_CHASSIS, chassis).forEach(sensors::add);
        return sensors.all;
    }

    private void add(Answer chassis) {
        Optional<Answer> thermal = Members.one(talk, chassis, "Thermal");
        Optional<Answer> power = Members.one(talk, chassis, "Power");
        thermal.ifPresent(answer -> {
            each(answer, "Temperatures", "ReadingCelsius", "degrees C");
            each(answer, "Fans", "Reading", "");
        });
        power.ifPresent(answer -> {
            each(answer, "Voltages", "ReadingVolts", "V");
            each(answer, "PowerControl", "PowerConsumedWatts", "W");
            each(answer, "PowerSupplies", "LastPowerOutputWatts", "W");
        });
        if (thermal.isEmpty() && power.isEmpty()) {
            Members.one(talk, chassis, "Sensors")
                    .ifPresent(answer -> Members.of(talk, answer, MOST).forEach(each -> add(each, "Reading", "")));
        }
    }

    private void each(Answer answer, String kind, String reading, String unit) {
        answer.json().path(kind).forEach(each -> add(each, reading, unit));
    }

    private void add(JsonNode each, String reading, String unit) {
        String state = Json.text(each, "Status", "State");
        if (all.size() >= MOST || state.equals("Absent")) {
            return;
        }
        JsonNode value = each.path(reading);
        String name = Json.text(each, "Name").isEmpty() ? Json.text(each, "FanName") : Json.text(each, "Name");
        all.add(new Sensor(
                talk.service().discreet(name),
                status(Json.text(each, "Status", "Health")),
                value.isNumber() ? value.doubleValue() : null,
                talk.service().discreet(unit.isEmpty() ? unit(Json.text(each, "ReadingUnits")) : unit),
                state.equals("Enabled") ? "" : talk.service().discreet(state)));
    }

    /** As ipmitool writes it, where it is the same. */
    private static String unit(String told) {
        return told.equals("Cel") ? "degrees C" : told;
    }

    private static SensorStatus status(String health) {
        return switch (health) {
            case "OK" -> SensorStatus.OK;
            case "Warning" -> SensorStatus.WARNING;
            case "Critical" -> SensorStatus.CRITICAL;
            default -> SensorStatus.UNKNOWN;
        };
    }
}
