package org.qrm.core.resource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.core.Limits;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Database;

/**
 * Has a system that runs from its machine's own disk shut down before its power is cut. It hears nothing of this server, so who
 * switches the machine passes the word on, and the system has some minutes. Whatever it does with them, and whoever does not answer
 * meanwhile: then the next step has its turn.
 */
final class SystemShutdown {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** So that one call more that takes all its time is no failure of the step. */
    private static final Duration RESERVE = Limits.POWER.plus(ANSWER);

    private final ResourceRows rows;
    private final PowerControllers controllers;
    private final Duration patience;

    /** Operations that have found nobody to ask. A server that takes over one of them waits in vain, which does no harm. */
    private final Set<Long> unasked = ConcurrentHashMap.newKeySet();

    SystemShutdown(ResourceRows rows, PowerControllers controllers, Limits limits) {
        this.rows = rows;
        this.controllers = controllers;
        this.patience = limits.release().compareTo(PATIENCE) < 0 ? limits.release() : PATIENCE;
    }

    /**
     * Asks, in the first: a button that is pressed once more by a server that takes over may switch on what has shut down by then. The
     * time to wait is that of the second, which a restart of the server does not begin anew.
     */
    List<Step> steps() {
        Duration limit = patience.plus(RESERVE);
        return List.of(
                new Step(
                        "shut-down",
                        limit,
                        work -> machine(work).map(each -> ask(work, each)).orElse(Outcome.DONE)),
                new Step("await-shut-down", limit, this::await));
    }

    private Optional<Resource> machine(Work work) {
        return work.read(handle -> rows.find(
                        handle,
                        work.parameters(ResourceActions.OfResource.class).resource()))
                .filter(ResourceRow::localBoot)
                .map(ResourceRow::resource);
    }

    private Outcome await(Work work) {
        Optional<Resource> machine = machine(work).filter(each -> !unasked.contains(work.operation()));
        Outcome outcome = machine.map(each -> look(work, each)).orElse(Outcome.DONE);
        if (outcome == Outcome.DONE) {
            over(work);
        }
        return outcome;
    }

    /** The operation waits no longer. */
    void over(Work work) {
        unasked.remove(work.operation());
    }

    private Outcome ask(Work work, Resource machine) {
        Optional<PowerControllers.Switch> passing = controllers.of(machine, PowerAbility.SHUT_DOWN);
        if (passing.isEmpty()) {
            unasked.add(work.operation());
            return Outcome.DONE;
        }
        work.assertHeld();
        try {
            passing.get().shutDown(work);
        } catch (QrmException failed) {
            Database.throwIfLost(failed);
            if (failed.problem().kind() == Problem.Kind.UNREACHABLE && hasTime(work)) {
                throw failed;
            }
            work.log(machine.name() + " cannot be asked to shut down: "
                    + failed.problem().reason());
            unasked.add(work.operation());
        }
        return Outcome.DONE;
    }

    private Outcome look(Work work, Resource machine) {
        if (isOff(machine)) {
            work.log("the system of " + machine.name() + " has shut down");
            return Outcome.DONE;
        }
        if (hasTime(work)) {
            work.progress(0.5, "waiting until the system of " + machine.name() + " has shut down");
            return work.lookAgainIn(LOOK);
        }
        work.log("the system of " + machine.name() + " was asked to shut down, and is not seen to have done so within "
                + patience.toSeconds() + " s");
        return Outcome.DONE;
    }

    /** Who does not answer, or is away for a while, says nothing of the system, which goes on with what it was asked for. */
    private boolean isOff(Resource machine) {
        try {
            return controllers
                    .of(machine, PowerAbility.STATE)
                    .filter(telling -> telling.state(ANSWER) == PowerState.OFF)
                    .isPresent();
        } catch (QrmException untold) {
            Database.throwIfLost(untold);
            return false;
        }
    }

    private static boolean hasTime(Work work) {
        return Instant.now().isBefore(work.deadline().minus(RESERVE));
    }
}
