package org.qrm.core.environment;

import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.environment.Machines.Machine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;

/** Restarts the machines of an environment, which stay bound to it. */
final class RestartKind implements OperationKind {

    static final String NAME = "virtual-environment.restart";

    private final ResourceRows rows;
    private final Machines machines;
    private final EnvironmentHealth health;
    private final List<Step> steps;

    RestartKind(ResourceRows rows, EnvironmentHealth health, Limits limits) {
        this.rows = rows;
        this.machines = new Machines(rows);
        this.health = health;
        this.steps = List.of(
                new Step("order", limits.boot(), this::order),
                new Step("await-active", limits.boot(), this::awaitActive),
                new Step("finish", limits.boot(), this::finish));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    private Outcome order(Work work) {
        return work.complete(change -> machines.of(change.handle(), work).forEach(machine -> {
            if (machine.row().state() != ResourceState.BOOTING) {
                rows.move(change, machine.row(), ResourceState.BOOTING, "");
            }
            AssignmentRows.setBooted(change, machine.row().id(), false);
            rows.order(change, machine.row().id(), ResourceRow.Order.REBOOT);
        }));
    }

    private Outcome awaitActive(Work work) {
        List<Machine> all = machines.of(work);
        if (all.isEmpty()) {
            throw QrmException.failed(
                    EnvironmentAction.RESTART.attempt(),
                    Machines.name(work),
                    "its machines were removed meanwhile",
                    "Start it.",
                    null);
        }
        boolean back = all.stream()
                .allMatch(machine -> machine.row().state() == ResourceState.ACTIVE
                        && machine.row().instruction() == null);
        return back ? Outcome.DONE : Outcome.WAIT;
    }

    private Outcome finish(Work work) {
        return work.complete(change -> {
            VirtualEnvironment now = machines.environment(change.handle(), work);
            if (Deciding.isLast(change, work, now.name())) {
                EnvironmentRows.move(change, now, EnvironmentState.ACTIVE, "");
            }
        });
    }

    @Override
    public void undo(Work work, Problem why) {
        work.change(change -> {
            machines.of(change.handle(), work)
                    .forEach(machine -> rows.order(change, machine.row().id(), null));
            health.settle(change, work, Machines.name(work), "");
            return null;
        });
    }
}
