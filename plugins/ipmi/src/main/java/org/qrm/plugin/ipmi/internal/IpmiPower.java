package org.qrm.plugin.ipmi.internal;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
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

/** Switches machines on and off whose BMC was answered. */
@Component
public final class IpmiPower implements PowerController {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int ASK_TWICE = 2;

    /** BMCs tell of one sensor after the other, and there may be hundreds. */
    private static final Duration LONG = Duration.ofSeconds(45);

    private static final String MOST_ENTRIES = "500";
    private static final String LONGEST_SECONDS = "255";

    private final ObjectSettings settings;
    private final Ipmitool ipmitool;
    private final Pace pace;
    private final Consoles consoles;

    @Activate
    public IpmiPower(@Reference ObjectSettings settings) {
        this(settings, new Ipmitool(Ipmitool::find), Pace.STANDARD);
    }

    IpmiPower(ObjectSettings settings, Ipmitool ipmitool, Pace pace) {
        this.settings = settings;
        this.ipmitool = ipmitool;
        this.pace = pace;
        this.consoles = new Consoles(ipmitool);
    }

    @Deactivate
    void stop() {
        consoles.close();
    }

    @Override
    public boolean controls(Resource resource) {
        return settings.isAnswered(ObjectKind.RESOURCE, object(resource), Ipmi.ID);
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        of("switch on", resource, work).bring(PowerState.ON);
    }

    @Override
    public void powerOn(Resource resource, BootDevice device, WorkContext work) {
        of("switch on", resource, work).booting(device).bring(PowerState.ON);
    }

    @Override
    public void bootNext(Resource resource, BootDevice device, WorkContext work) {
        of("set what is booted by", resource, work).booting(device).bootNext();
    }

    /** Hard, as by the button held down. */
    @Override
    public void powerOff(Resource resource, WorkContext work) {
        of("switch off", resource, work).bring(PowerState.OFF);
    }

    /** Not by the BMC's own cycle, which it refuses for a machine that is off. */
    @Override
    public void powerCycle(Resource resource, WorkContext work) {
        PowerSwitch machine = of("switch off and on", resource, work);
        machine.bring(PowerState.OFF);
        machine.bring(PowerState.ON);
    }

    /** By ACPI. */
    @Override
    public void shutDown(Resource resource, WorkContext work) {
        of("shut down", resource, work).askToShutDown();
    }

    @Override
    public PowerState state(Resource resource) {
        String attempted = "ask for the power of";
        return PowerSwitch.ask(ipmitool, bmc(attempted, resource), attempted, ANSWER, ASK_TWICE);
    }

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
                PowerAbility.CONSOLE,
                PowerAbility.SHUT_DOWN,
                PowerAbility.BOOT_DEVICE);
    }

    @Override
    public List<Sensor> sensors(Resource resource) {
        return SensorText.read(
                asked("read the sensors of", resource, "-c", "sdr", "elist").lines());
    }

    /** Told to tell of everything, ipmitool writes each entry on many lines, and not what its sensor is called. */
    @Override
    public List<BmcLogEntry> bmcLog(Resource resource) {
        String attempted = "read the event log of";
        Bmc bmc = bmc(attempted, resource);
        List<String> words = List.of("-c", "-Z", "sel", "elist", "last", MOST_ENTRIES);
        try {
            return EventLogText.read(
                    ipmitool.runTersely(attempted, bmc, LONG, ASK_TWICE, words).lines());
        } catch (QrmException terse) {
            // what is wrong with a login it says to -v alone
            PowerSwitch.ask(ipmitool, bmc, attempted, ANSWER, ASK_TWICE);
            throw terse;
        }
    }

    @Override
    public List<Firmware> firmware(Resource resource) {
        return FirmwareText.read(
                asked("read the firmware of", resource, "mc", "info").lines());
    }

    /** Until it is put out; a BMC that cannot do that lights it for as long as it can. */
    @Override
    public void identify(Resource resource, boolean lit) {
        String attempted = lit ? "light the locator of" : "put out the locator of";
        try {
            asked(attempted, resource, "chassis", "identify", lit ? "force" : "0");
        } catch (QrmException refused) {
            if (!lit || refused.problem().kind() != Problem.Kind.FAILED) {
                throw refused;
            }
            asked(attempted, resource, "chassis", "identify", LONGEST_SECONDS);
        }
    }

    /** Serial over LAN. */
    @Override
    public Terminal openConsole(Resource resource, TerminalSize size) {
        return consoles.open(bmc("open the console of", resource));
    }

    private Said asked(String attempted, Resource resource, String... words) {
        return ipmitool.run(attempted, bmc(attempted, resource), LONG, ASK_TWICE, List.of(words));
    }

    private PowerSwitch of(String attempted, Resource resource, WorkContext work) {
        return new PowerSwitch(ipmitool, bmc(attempted, resource), attempted, work, pace);
    }

    private Bmc bmc(String attempted, Resource resource) {
        return settings.open(ObjectKind.RESOURCE, object(resource), Ipmi.ID)
                .map(answers -> Bmc.of(resource.name(), answers))
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.UNAVAILABLE,
                        attempted,
                        resource.name(),
                        "nothing is known of its BMC",
                        "Answer what the plug-in ipmi asks about this machine.")));
    }

    private static String object(Resource resource) {
        return String.valueOf(resource.id());
    }
}
