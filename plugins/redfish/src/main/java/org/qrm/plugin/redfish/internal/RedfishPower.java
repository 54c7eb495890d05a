package org.qrm.plugin.redfish.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BmcLogEntry;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.Firmware;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.power.Sensor;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;
import org.qrm.plugin.device.Turns;
import org.qrm.plugin.device.Wire;

/** Switches machines on and off whose Redfish service was answered. */
@Component
public final class RedfishPower implements PowerController {

    private static final Duration ANSWER = Duration.ofSeconds(20);
    /** Some services have a resource of its own for each sensor. */
    private static final Duration LONG = Duration.ofSeconds(50);

    private final ObjectSettings settings;
    private final Pace pace;
    private final Pace brisk;
    private final Duration answer;
    private final Wire wire = new Wire("redfish", null);
    private final Turns turns = new Turns();

    @Activate
    public RedfishPower(@Reference ObjectSettings settings) {
        this(settings, Pace.STANDARD);
    }

    RedfishPower(ObjectSettings settings, Pace pace) {
        this(settings, pace, Pace.BRISK, ANSWER);
    }

    /**
     * @param brisk for what is asked
     * @param answer how long it may take until the power is told
     */
    RedfishPower(ObjectSettings settings, Pace pace, Pace brisk, Duration answer) {
        this.settings = settings;
        this.pace = pace;
        this.brisk = brisk;
        this.answer = answer;
    }

    @Deactivate
    void stop() {
        wire.close();
    }

    @Override
    public boolean controls(Resource resource) {
        return settings.isAnswered(ObjectKind.RESOURCE, object(resource), Redfish.ID);
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        bring("switch on", resource, work, List.of(PowerState.ON));
    }

    @Override
    public void powerOn(Resource resource, BootDevice device, WorkContext work) {
        order("switch on", resource, work, machine -> machine.booting(device).bring(PowerState.ON));
    }

    @Override
    public void bootNext(Resource resource, BootDevice device, WorkContext work) {
        order(
                "set what is booted by",
                resource,
                work,
                machine -> machine.booting(device).bootNext());
    }

    /** Hard, as by the button held down. */
    @Override
    public void powerOff(Resource resource, WorkContext work) {
        bring("switch off", resource, work, List.of(PowerState.OFF));
    }

    /** Not by the service's own cycle, which it may refuse for a machine that is off. */
    @Override
    public void powerCycle(Resource resource, WorkContext work) {
        bring("switch off and on", resource, work, List.of(PowerState.OFF, PowerState.ON));
    }

    @Override
    public void shutDown(Resource resource, WorkContext work) {
        order("shut down", resource, work, PowerSwitch::askToShutDown);
    }

    private void bring(String attempted, Resource resource, WorkContext work, List<PowerState> wanted) {
        order(attempted, resource, work, machine -> wanted.forEach(machine::bring));
    }

    private void order(String attempted, Resource resource, WorkContext work, Consumer<PowerSwitch> what) {
        Service service = service(attempted, resource);
        Instant end = work.deadline().minus(pace.reserve());
        try {
            if (!turns.begin(resource.id(), Duration.between(Instant.now(), end))) {
                throw new Fault(attempted, service).late("it is being switched by another operation");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
        try (Conversation talk = new Conversation(wire, service, attempted, pace, end, work::checkpoint)) {
            PowerSwitch machine = new PowerSwitch(talk, work, pace, end);
            what.accept(machine);
        } finally {
            turns.end(resource.id());
        }
    }

    @Override
    public PowerState state(Resource resource) {
        String attempted = "ask for the power of";
        Service service = service(attempted, resource);
        Instant end = Instant.now().plus(answer);
        try (Conversation talk = new Conversation(wire, service, attempted, brisk, end, () -> {})) {
            return ComputerSystem.find(talk).power();
        }
    }

    /** What a service does not have is found when it is asked for. */
    @Override
    public Set<PowerAbility> abilities(Resource resource) {
        return EnumSet.of(
                PowerAbility.ON,
                PowerAbility.OFF,
                PowerAbility.STATE,
                PowerAbility.SENSORS,
                PowerAbility.BMC_LOG,
                PowerAbility.IDENTIFY,
                PowerAbility.FIRMWARE,
                PowerAbility.SHUT_DOWN,
                PowerAbility.BOOT_DEVICE);
    }

    @Override
    public List<Sensor> sensors(Resource resource) {
        return asked("read the sensors of", resource, Sensors::read);
    }

    @Override
    public List<BmcLogEntry> bmcLog(Resource resource) {
        return asked("read the event log of", resource, EventLog::read);
    }

    @Override
    public List<Firmware> firmware(Resource resource) {
        return asked("read the firmware of", resource, FirmwareInventory::read);
    }

    @Override
    public void identify(Resource resource, boolean lit) {
        asked(lit ? "light the locator of" : "put out the locator of", resource, (talk, system) -> {
            Locator.set(talk, system, lit);
            return lit;
        });
    }

    private <T> T asked(String attempted, Resource resource, BiFunction<Conversation, ComputerSystem, T> question) {
        Instant end = Instant.now().plus(LONG);
        try (Conversation talk =
                new Conversation(wire, service(attempted, resource), attempted, brisk, end, () -> {})) {
            return question.apply(talk, ComputerSystem.find(talk));
        }
    }

    private Service service(String attempted, Resource resource) {
        return settings.open(ObjectKind.RESOURCE, object(resource), Redfish.ID)
                .map(answers -> Service.of(resource.name(), answers))
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.UNAVAILABLE,
                        attempted,
                        resource.name(),
                        "nothing is known of its Redfish service",
                        "Answer what the plug-in redfish asks about this machine.")));
    }

    private static String object(Resource resource) {
        return String.valueOf(resource.id());
    }
}
