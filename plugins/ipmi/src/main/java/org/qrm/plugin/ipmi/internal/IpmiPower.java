package org.qrm.plugin.ipmi.internal;

import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;

/** Switches machines on and off whose BMC was answered. */
@Component
public final class IpmiPower implements PowerController {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int ASK_TWICE = 2;

    private final ObjectSettings settings;
    private final Ipmitool ipmitool;
    private final Pace pace;

    @Activate
    public IpmiPower(@Reference ObjectSettings settings) {
        this(settings, new Ipmitool(Ipmitool::find), Pace.STANDARD);
    }

    IpmiPower(ObjectSettings settings, Ipmitool ipmitool, Pace pace) {
        this.settings = settings;
        this.ipmitool = ipmitool;
        this.pace = pace;
    }

    @Override
    public boolean controls(Resource resource) {
        return settings.isAnswered(ObjectKind.RESOURCE, object(resource), Ipmi.ID);
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        of("switch on", resource, work).bring(PowerState.ON);
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

    @Override
    public PowerState state(Resource resource) {
        String attempted = "ask for the power of";
        return PowerSwitch.ask(ipmitool, bmc(attempted, resource), attempted, ANSWER, ASK_TWICE);
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
