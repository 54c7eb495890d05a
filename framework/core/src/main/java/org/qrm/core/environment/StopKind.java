package org.qrm.core.environment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.environment.Machines.Machine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.EventRows;

/**
 * Stops an environment: its machines restart into the idle environment, then storage is closed to them. A machine that
 * does not come back in time is cut off and becomes an error; the environment is stopped all the same.
 */
final class StopKind implements OperationKind {

    static final String NAME = "virtual-environment.stop";

    /** Left of the last step's time when machines that did not come back are given up. */
    private static final Duration RESERVE = Duration.ofSeconds(1);

    private final Machines machines;
    private final StorageAccess access;
    private final AssignmentHooks hooks;
    private final Departure departure;
    private final EnvironmentHealth health;
    private final PowerControllers controllers;
    private final Limits limits;
    private final List<Step> steps;

    StopKind(
            ResourceRows rows,
            StorageAccess access,
            AssignmentHooks hooks,
            Departure departure,
            EnvironmentHealth health,
            PowerControllers controllers,
            Limits limits) {
        this.machines = new Machines(rows);
        this.access = access;
        this.hooks = hooks;
        this.departure = departure;
        this.health = health;
        this.controllers = controllers;
        this.limits = limits;
        this.steps = List.of(
                new Step("ask-listeners", limits.release(), this::askListeners),
                new Step("release", limits.release(), this::release),
                new Step("cut-power", limits.release(), this::cutPower),
                new Step("await-idle", limits.release(), this::awaitIdle),
                new Step("close-access", limits.release(), this::closeAccess),
                new Step("finish", limits.release(), this::finish));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    private Outcome askListeners(Work work) {
        VirtualEnvironment environment = machines.environment(work);
        for (Machine machine : machines.of(work)) {
            hooks.beforeRelease(machine.toAssignment(environment.spec()), forced(work), work);
        }
        return Outcome.DONE;
    }

    private Outcome release(Work work) {
        return work.complete(change -> departure.begin(change, work, forced(work)));
    }

    /** A forced stop does not wait for the image to shut down, where a plug-in can switch the machine; else it goes on as any stop. */
    private Outcome cutPower(Work work) {
        if (forced(work)) {
            for (Machine machine : machines.of(work)) {
                cutPower(work, machine.row().resource());
            }
        }
        return Outcome.DONE;
    }

    private void cutPower(Work work, Resource machine) {
        work.checkpoint();
        try {
            controllers.of(machine, PowerAbility.OFF).ifPresent(power -> power.cycle(work));
        } catch (QrmException failed) {
            work.log(machine.name() + ": its power was not cut: "
                    + failed.problem().reason());
        }
    }

    private Outcome awaitIdle(Work work) {
        List<Machine> leaving = machines.of(work).stream()
                .filter(machine -> machine.row().state() == ResourceState.RELEASING)
                .toList();
        if (leaving.isEmpty()) {
            return Outcome.DONE;
        }
        Duration left = Duration.between(Instant.now(), work.deadline().minus(RESERVE));
        if (!left.isNegative() && !left.isZero()) {
            return work.lookAgainIn(left);
        }
        return work.complete(change -> leaving.forEach(machine -> departure.giveUp(change, machine)));
    }

    private Outcome closeAccess(Work work) {
        access.apply(work, machines.environment(work).spec().filesystemImage());
        return Outcome.DONE;
    }

    private Outcome finish(Work work) {
        VirtualEnvironment environment = machines.environment(work);
        List<Machine> left = machines.of(work);
        left.forEach(machine -> hooks.afterRelease(machine.toAssignment(environment.spec()), work));
        return work.complete(change -> {
            departure.forget(change, left);
            VirtualEnvironment now = machines.environment(change.handle(), work);
            if (!Deciding.isLast(change, work, now.name())) {
                return;
            }
            EnvironmentRows.move(change, now, EnvironmentState.INACTIVE, "");
            String subject = EnvironmentService.lane(environment.name());
            EventRows.resolve(change.handle(), "virtual-environment.error", subject);
            change.event(
                    Priority.INFO,
                    "virtual-environment.inactive",
                    subject,
                    "Virtual environment " + environment.name() + " is stopped",
                    null);
        });
    }

    /** Before its machines are told to leave, nothing has happened; later it can only go on: stop it again. */
    @Override
    public void undo(Work work, Problem why) {
        work.change(change -> {
            health.settle(change, work, Machines.name(work), "it could not be stopped: " + why.reason());
            return null;
        });
    }

    private static boolean forced(Work work) {
        return work.parameters(Machines.OfMachines.class).force();
    }
}
