package org.qrm.core.environment;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.power.PowerAbility;
import org.qrm.core.call.Patience;
import org.qrm.core.environment.Machines.Machine;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/** Switches on the machines of a start that were off when they were taken. */
final class SwitchOn {

    private final ResourceRows rows;
    private final PowerControllers controllers;
    private final Patience patience = new Patience(Clock.systemUTC());

    SwitchOn(ResourceRows rows, PowerControllers controllers) {
        this.rows = rows;
        this.controllers = controllers;
    }

    /**
     * One after the other; done, or to be tried again when a plug-in is back.
     *
     * @param then what follows when one has power
     */
    Outcome each(Work work, List<Machine> off, Consumer<Machine> then) {
        for (int each = 0; each < off.size(); each++) {
            Machine machine = off.get(each);
            Optional<PowerControllers.Switch> power =
                    controllers.of(machine.row().resource(), PowerAbility.ON);
            if (power.isEmpty()) {
                return patience.rest(work, uncontrolled(work, machine));
            }
            work.progress((double) each / off.size(), "switching on " + name(machine));
            one(work, machine, power.get());
            work.log(name(machine) + " was off, and is switched on");
            then.accept(machine);
        }
        patience.over(work);
        return Outcome.DONE;
    }

    private void one(Work work, Machine machine, PowerControllers.Switch power) {
        work.checkpoint();
        work.assertHeld();
        try {
            power.on(work);
        } catch (QrmException failed) {
            Database.throwIfLost(failed);
            note(work, machine, failed.problem().reason());
            throw failure(work, machine, failed.problem());
        }
    }

    /** The first failure: each change of its row has the step look again at once, and not after its pause. */
    private void note(Work work, Machine machine, String why) {
        work.change(change -> {
            rows.find(change.handle(), machine.row().id())
                    .filter(row -> row.resource().reason().isEmpty())
                    .ifPresent(row -> rows.setReason(change, row.id(), "could not be switched on: " + why));
            return null;
        });
    }

    private static QrmException failure(Work work, Machine machine, Problem why) {
        return new QrmException(new Problem(
                why.kind(),
                EnvironmentAction.START.attempt(),
                Machines.name(work),
                name(machine) + " could not be switched on: " + why.reason(),
                why.remedy()));
    }

    private static QrmException uncontrolled(Work work, Machine machine) {
        return failure(
                work,
                machine,
                new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "",
                        "",
                        "no plug-in controls its power any more",
                        "Switch it on by hand, or install its power plug-in again, then start it again."));
    }

    private static String name(Machine machine) {
        return machine.row().resource().name();
    }
}
