package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import org.qrm.api.power.BmcLogEntry;
import org.qrm.api.power.Firmware;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.Sensor;
import org.qrm.api.power.SensorStatus;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.Items;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** What the BMCs of machines tell, asked for now. */
public final class BmcPaths implements Paths {

    private final ApiServices services;

    enum Light {
        ON,
        OFF
    }

    record AbilityView(@About("what can be done to it") PowerAbility ability) {}

    record SensorView(
            @About("as the BMC calls it") String name,
            @About("what the BMC makes of it") SensorStatus status,

            @About(value = "what it measures, unless it has a state instead", optional = true)
            Double value,

            @About("of the value, as the BMC calls it; may be empty")
            String unit,

            @About("what the BMC says besides, may be empty")
            String words) {
        static SensorView of(Sensor sensor) {
            return new SensorView(sensor.name(), sensor.status(), sensor.value(), sensor.unit(), sensor.words());
        }
    }

    record BmcLogEntryView(
            @About("its number in the BMC's log") String id,

            @About(value = "by the BMC's clock, which may be wrong", optional = true)
            Instant time,

            @About("what it is about, may be empty") String sensor,
            @About("what happened") String message) {
        static BmcLogEntryView of(BmcLogEntry entry) {
            return new BmcLogEntryView(entry.id(), entry.time(), entry.sensor(), entry.message());
        }
    }

    record FirmwareView(
            @About("what it runs on") String name,
            @About("as its maker writes it, may be empty") String version) {
        static FirmwareView of(Firmware firmware) {
            return new FirmwareView(firmware.name(), firmware.version());
        }
    }

    record Identify(
            @About(value = "whether its locator is lit, or put out; on unless given", optional = true)
            Light light) {}

    public BmcPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                                "/resources/{id}/abilities",
                                "What can be done to a machine by who switches it, without asking it.")
                        .paged()
                        .answersListOf(AbilityView.class)
                        .typed(VerbSketch.of("resource", "abilities")
                                .about("Tells what can be done to a machine by who switches it.")
                                .columns("ability"))
                        .by(this::abilities),
                Route.get("/resources/{id}/sensors", "A machine's sensors, as its BMC reads them now.")
                        .only(Role.OPERATOR)
                        .paged()
                        .answersListOf(SensorView.class)
                        .typed(VerbSketch.of("resource", "sensors")
                                .about("Reads a machine's sensors, by its BMC.")
                                .columns("name", "status", "value", "unit", "words"))
                        .by(call -> Answer.ok(
                                Items.of(services.machinePower().sensors(id(call)), call.page(), SensorView::of))),
                Route.get("/resources/{id}/bmc-log", "The event log of a machine's BMC, the newest first.")
                        .only(Role.OPERATOR)
                        .paged()
                        .answersListOf(BmcLogEntryView.class)
                        .typed(VerbSketch.of("resource", "bmc-log")
                                .about("Reads the event log of a machine's BMC, the newest first.")
                                .columns("time", "id", "sensor", "message"))
                        .by(call -> Answer.ok(
                                Items.of(services.machinePower().bmcLog(id(call)), call.page(), BmcLogEntryView::of))),
                Route.get("/resources/{id}/firmware", "The firmware that a machine has, as its BMC says.")
                        .only(Role.OPERATOR)
                        .paged()
                        .answersListOf(FirmwareView.class)
                        .typed(VerbSketch.of("resource", "firmware")
                                .about("Tells which firmware a machine has, by its BMC.")
                                .columns("name", "version"))
                        .by(call -> Answer.ok(
                                Items.of(services.machinePower().firmware(id(call)), call.page(), FirmwareView::of))),
                Route.post(
                                "/resources/{id}/identify",
                                "Lights a machine's locator, by which it is found, or puts it out.")
                        .only(Role.OPERATOR)
                        .takes(Identify.class)
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("resource", "identify")
                                .about("Lights a machine's locator, by which it is found in its rack, or puts it out.")
                                .done("The locator of {id} is switched."))
                        .by(this::identify));
    }

    private Answer abilities(Call call) {
        List<PowerAbility> all =
                services.machinePower().abilities(id(call)).stream().sorted().toList();
        return Answer.ok(Items.of(all, call.page(), AbilityView::new));
    }

    private Answer identify(Call call) throws Exception {
        services.machinePower().identify(id(call), call.body(Identify.class).light() != Light.OFF);
        return Answer.NO_CONTENT;
    }

    private long id(Call call) {
        return ResourceLookup.find(services, call.path("id")).id();
    }
}
