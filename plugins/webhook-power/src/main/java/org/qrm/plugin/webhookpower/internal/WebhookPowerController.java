package org.qrm.plugin.webhookpower.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;
import org.qrm.plugin.device.Turns;
import org.qrm.plugin.device.Wire;

/** Switches machines whose power service was answered. */
@Component
public final class WebhookPowerController implements PowerController {

    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** Of the server; see its documentation. */
    private static final String AUTHORITIES = "QRM_WEBHOOK_CA";

    private final ObjectSettings settings;
    private final Pace pace;
    private final Wire wire;
    private final Turns turns = new Turns();

    @Activate
    public WebhookPowerController(@Reference ObjectSettings settings) {
        this(settings, Pace.STANDARD, authorities(System.getenv(AUTHORITIES)));
    }

    WebhookPowerController(ObjectSettings settings, Pace pace, Path authorities) {
        this.settings = settings;
        this.pace = pace;
        this.wire = new Wire(WebhookPower.ID, authorities);
    }

    private static Path authorities(String file) {
        return file == null || file.isBlank() ? null : Path.of(file);
    }

    @Deactivate
    void stop() {
        wire.close();
    }

    @Override
    public boolean controls(Resource resource) {
        return settings.isAnswered(ObjectKind.RESOURCE, object(resource), WebhookPower.ID);
    }

    /** All that might be where what was answered cannot be opened: who asks for it is told why. */
    @Override
    public Set<PowerAbility> abilities(Resource resource) {
        try {
            return answers(resource).map(PowerService::abilities).orElse(Set.of());
        } catch (QrmException closed) {
            return EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE, PowerAbility.SHUT_DOWN);
        }
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        bring("switch on", resource, work, List.of(PowerState.ON));
    }

    @Override
    public void powerOff(Resource resource, WorkContext work) {
        bring("switch off", resource, work, List.of(PowerState.OFF));
    }

    @Override
    public void powerCycle(Resource resource, WorkContext work) {
        bring("switch off and on", resource, work, List.of(PowerState.OFF, PowerState.ON));
    }

    private void bring(String attempted, Resource resource, WorkContext work, List<PowerState> wanted) {
        PowerService service = service(attempted, resource);
        Fault fault = new Fault(attempted, service);
        // no machine is switched off that cannot be switched on again as was asked
        wanted.forEach(state -> service.order(state, fault));
        order(service, fault, resource, work, machine -> {
            for (PowerState state : wanted) {
                if (state != wanted.get(0)) {
                    machine.rest();
                }
                machine.bring(state);
            }
        });
    }

    @Override
    public void shutDown(Resource resource, WorkContext work) {
        String attempted = "shut down";
        PowerService service = service(attempted, resource);
        Fault fault = new Fault(attempted, service);
        service.shutDown(fault);
        order(service, fault, resource, work, PowerSwitch::askToShutDown);
    }

    private void order(
            PowerService service, Fault fault, Resource resource, WorkContext work, Consumer<PowerSwitch> what) {
        Instant end = work.deadline().minus(pace.reserve());
        try {
            if (!turns.begin(resource.id(), Duration.between(Instant.now(), end))) {
                throw fault.late("it is being switched by another operation");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
        try {
            what.accept(new PowerSwitch(new Caller(wire, service, fault, pace.request(), end), work, pace));
        } finally {
            turns.end(resource.id());
        }
    }

    @Override
    public PowerState state(Resource resource) {
        String attempted = "ask for the power of";
        PowerService service = service(attempted, resource);
        Instant end = Instant.now().plus(ANSWER);
        return new Caller(wire, service, new Fault(attempted, service), ANSWER, end)
                .ask()
                .state();
    }

    private PowerService service(String attempted, Resource resource) {
        return answers(resource)
                .map(answers -> PowerService.of(resource, answers))
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.UNAVAILABLE,
                        attempted,
                        resource.name(),
                        "nothing is known of what switches it",
                        "Answer what the plug-in webhook-power asks about this machine.")));
    }

    private Optional<Map<String, String>> answers(Resource resource) {
        return settings.open(ObjectKind.RESOURCE, object(resource), WebhookPower.ID);
    }

    private static String object(Resource resource) {
        return String.valueOf(resource.id());
    }
}
