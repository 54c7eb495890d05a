package org.qrm.core.resource;

import java.time.Duration;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A power controller that cannot hold up who asks whether a machine is its own. */
public final class AdmittedPowerController implements PowerController, Admission.Guarded {

    private static final Logger LOG = LoggerFactory.getLogger(AdmittedPowerController.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final PowerController controller;
    private final PluginCalls calls;

    private AdmittedPowerController(PowerController controller, PluginCalls calls) {
        this.controller = controller;
        this.calls = calls;
    }

    /** Any number may be there. */
    public static Admission<PowerController> by(PluginCalls calls) {
        return controller -> new Admission.Admitted<>(new AdmittedPowerController(controller, calls), null);
    }

    @Override
    public Object original() {
        return controller;
    }

    /** One that does not answer controls nothing. */
    @Override
    public boolean controls(Resource resource) {
        String who = "power controller " + controller.getClass().getName();
        try {
            return calls.call(this, who, LIMIT, null, () -> controller.controls(resource));
        } catch (RuntimeException failed) {
            LOG.warn("{} does not say whether it controls {}", who, resource.name(), failed);
            return false;
        }
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        controller.powerOn(resource, work);
    }

    @Override
    public void powerOff(Resource resource, WorkContext work) {
        controller.powerOff(resource, work);
    }

    @Override
    public void powerCycle(Resource resource, WorkContext work) {
        controller.powerCycle(resource, work);
    }

    @Override
    public PowerState state(Resource resource) {
        return Admission.answered(
                "power controller " + controller.getClass().getName(), "state", controller.state(resource));
    }
}
