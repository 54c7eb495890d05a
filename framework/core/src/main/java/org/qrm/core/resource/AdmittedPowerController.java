package org.qrm.core.resource;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
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
        return told(resource, () -> controller.controls(resource), false);
    }

    /** One that does not answer can do nothing. */
    @Override
    public Set<PowerAbility> abilities(Resource resource) {
        return told(resource, () -> Set.copyOf(controller.abilities(resource)), Set.of());
    }

    private <T> T told(Resource resource, Callable<T> question, T otherwise) {
        String who = "power controller " + controller.getClass().getName();
        try {
            return calls.call(this, who, LIMIT, null, question);
        } catch (RuntimeException failed) {
            LOG.warn("{} does not say what it can do to the power of {}", who, resource.name(), failed);
            return otherwise;
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
