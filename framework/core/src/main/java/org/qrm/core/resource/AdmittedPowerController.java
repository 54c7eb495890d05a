package org.qrm.core.resource;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
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
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A power controller that cannot hold up who asks whether a machine is its own. */
public final class AdmittedPowerController implements PowerController, Admission.Guarded {

    private static final Logger LOG = LoggerFactory.getLogger(AdmittedPowerController.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MOST = 1000;
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final PowerController controller;
    private final PluginCalls calls;
    private final AtomicLong warned = new AtomicLong(System.nanoTime() - QUIET_NANOS);

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
            warn(who, resource, failed);
            return otherwise;
        }
    }

    /** Once a minute is enough: it is asked about each machine. */
    private void warn(String who, Resource resource, RuntimeException failed) {
        long now = System.nanoTime();
        long last = warned.get();
        if (now - last >= QUIET_NANOS && warned.compareAndSet(last, now)) {
            LOG.warn("{} does not say what it can do to the power of {}", who, resource.name(), failed);
        }
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        controller.powerOn(resource, work);
    }

    @Override
    public void powerOn(Resource resource, BootDevice device, WorkContext work) {
        controller.powerOn(resource, device, work);
    }

    @Override
    public void bootNext(Resource resource, BootDevice device, WorkContext work) {
        controller.bootNext(resource, device, work);
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
    public void shutDown(Resource resource, WorkContext work) {
        controller.shutDown(resource, work);
    }

    @Override
    public PowerState state(Resource resource) {
        return answered("state", controller.state(resource));
    }

    @Override
    public List<Sensor> sensors(Resource resource) {
        return some("sensors", controller.sensors(resource));
    }

    @Override
    public List<BmcLogEntry> bmcLog(Resource resource) {
        return some("bmcLog", controller.bmcLog(resource));
    }

    @Override
    public List<Firmware> firmware(Resource resource) {
        return some("firmware", controller.firmware(resource));
    }

    @Override
    public void identify(Resource resource, boolean lit) {
        controller.identify(resource, lit);
    }

    @Override
    public Terminal openConsole(Resource resource, TerminalSize size) {
        return answered("openConsole", controller.openConsole(resource, size));
    }

    private <T> List<T> some(String getter, List<T> answer) {
        return answered(getter, answer).stream()
                .limit(MOST)
                .map(each -> answered(getter, each))
                .toList();
    }

    private <T> T answered(String getter, T answer) {
        return Admission.answered("power controller " + controller.getClass().getName(), getter, answer);
    }
}
