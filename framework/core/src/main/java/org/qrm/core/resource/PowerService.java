package org.qrm.core.resource;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.power.BmcLogEntry;
import org.qrm.api.power.Firmware;
import org.qrm.api.power.MachinePower;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.power.Sensor;
import org.qrm.api.resource.Resource;
import org.qrm.core.call.PluginTerminals;
import org.qrm.core.store.Database;

/** Asks those who switch machines whether they have power. */
public final class PowerService implements MachinePower {

    private static final String ATTEMPT = "tell the power of resource";

    /** Somebody waits for it. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** BMCs have hundreds of sensors, and tell of one after the other. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final int MOST_LONG_QUESTIONS = 8;

    private final Semaphore longQuestions = new Semaphore(MOST_LONG_QUESTIONS);
    private final Database database;
    private final ResourceRows rows;
    private final PowerControllers controllers;
    private final PluginTerminals terminals;
    private final LongConsumer told;

    /** @param told hears of a machine whose controller answered, which it may not have done before */
    public PowerService(
            Database database,
            ResourceRows rows,
            PowerControllers controllers,
            PluginTerminals terminals,
            LongConsumer told) {
        this.database = database;
        this.rows = rows;
        this.controllers = controllers;
        this.terminals = terminals;
        this.told = told;
    }

    @Override
    public PowerState of(long id) {
        Resource resource = resource(ATTEMPT, id);
        if (!controllers.isControlled(resource)) {
            throw uncontrolled(ATTEMPT, resource, "Install a power plug-in, or configure this machine for it.");
        }
        PowerState state = controllers
                .of(resource, PowerAbility.STATE)
                .map(machine -> machine.state(LIMIT))
                .orElse(PowerState.UNKNOWN);
        told.accept(id);
        return state;
    }

    private Resource resource(String attempt, long id) {
        return database.read(handle -> rows.find(handle, id))
                .map(ResourceRow::resource)
                .orElseThrow(() -> QrmException.notFound(attempt, "resource", String.valueOf(id)));
    }

    @Override
    public Set<PowerAbility> abilities(long id) {
        return controllers.abilities(resource("tell what can be done to resource", id));
    }

    @Override
    public List<Sensor> sensors(long id) {
        return ask("read sensors of resource", id, PowerAbility.SENSORS, PowerController::sensors);
    }

    @Override
    public List<BmcLogEntry> bmcLog(long id) {
        return ask("read the BMC's log of resource", id, PowerAbility.BMC_LOG, PowerController::bmcLog);
    }

    @Override
    public List<Firmware> firmware(long id) {
        return ask("read the firmware of resource", id, PowerAbility.FIRMWARE, PowerController::firmware);
    }

    @Override
    public void identify(long id, boolean lit) {
        ask("light the locator of resource", id, PowerAbility.IDENTIFY, (controller, resource) -> {
            controller.identify(resource, lit);
            return lit;
        });
    }

    @Override
    public Terminal openConsole(long id, TerminalSize size) {
        return reach(
                "open the console of resource",
                id,
                PowerAbility.CONSOLE,
                machine -> machine.open(terminals, size, LIMIT));
    }

    private <T> T ask(String attempt, long id, PowerAbility wanted, BiFunction<PowerController, Resource, T> question) {
        return reach(attempt, id, wanted, machine -> machine.ask(LONG, question));
    }

    private <T> T reach(String attempt, long id, PowerAbility wanted, Function<PowerControllers.Switch, T> question) {
        Resource resource = resource(attempt, id);
        PowerControllers.Switch machine = controllers
                .of(resource, wanted)
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.UNAVAILABLE,
                        attempt,
                        resource.name(),
                        "no plug-in can do that to this machine",
                        "Install a plug-in that can (" + (wanted == PowerAbility.CONSOLE ? "ipmi" : "ipmi, redfish")
                                + "), and configure this machine for it.")));
        if (!longQuestions.tryAcquire()) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    attempt,
                    resource.name(),
                    MOST_LONG_QUESTIONS + " BMCs are asked already",
                    "Try again in a minute."));
        }
        try {
            return question.apply(machine);
        } finally {
            longQuestions.release();
        }
    }

    static QrmException uncontrolled(String attempted, Resource resource, String remedy) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                attempted,
                resource.name(),
                "no plug-in controls the power of this machine",
                remedy));
    }
}
