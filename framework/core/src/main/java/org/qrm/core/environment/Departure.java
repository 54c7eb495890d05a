package org.qrm.core.environment;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.environment.Machines.Machine;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;

/** How machines leave an environment. */
final class Departure {

    private static final Set<ResourceState> LEFT =
            Set.of(ResourceState.OFF, ResourceState.RELEASING, ResourceState.IDLE);

    private final ResourceRows rows;
    private final Machines machines;
    private final BiConsumer<Change, Long> hostLeft;

    /** @param hostLeft hears of each machine that leaves: it is no host any more */
    Departure(ResourceRows rows, BiConsumer<Change, Long> hostLeft) {
        this.rows = rows;
        this.hostLeft = hostLeft;
        this.machines = new Machines(rows);
    }

    /**
     * From now on they are answered the idle boot configuration, and told to restart. A machine that is off stays so, and
     * one that an earlier stop sent away, which failed later, is not sent again.
     *
     * @param force do not wait for one that is lost
     */
    void begin(Change change, Work work, boolean force) {
        machines.of(change.handle(), work).forEach(machine -> {
            AssignmentRows.release(change, machine.row().id());
            hostLeft.accept(change, machine.row().id());
            ResourceState state = machine.row().state();
            boolean stays = LEFT.contains(state) || force && state == ResourceState.ERROR;
            if (!stays) {
                rows.move(change, machine.row(), ResourceState.RELEASING, "");
            }
        });
    }

    /**
     * Gives up a start: a machine that has not left the idle environment is idle at once, one that was off and was not switched on is off
     * as before, others must restart.
     */
    void abandon(Work work, List<Machine> leaving) {
        work.change(change -> {
            for (Machine machine : leaving) {
                ResourceRow row = rows.find(change.handle(), machine.row().id()).orElseThrow();
                AssignmentRows.release(change, row.id());
                if (row.state() == ResourceState.ASSIGNED && row.hasNotBooted()) {
                    rows.move(change, row, ResourceState.OFF, row.resource().reason());
                } else if (row.state() == ResourceState.ASSIGNED) {
                    rows.move(change, row, ResourceState.IDLE, "");
                } else if (row.state() != ResourceState.RELEASING && row.state() != ResourceState.IDLE) {
                    rows.move(change, row, ResourceState.RELEASING, "");
                }
            }
            return null;
        });
    }

    /** Ends the bindings; what has not come back by now is on its own. */
    void forget(Change change, List<Machine> leaving) {
        for (Machine machine : leaving) {
            noteIfItMayWrite(change, machine);
            AssignmentRows.delete(change, machine.row().id());
            hostLeft.accept(change, machine.row().id());
            rows.unbind(change, machine.row().id());
        }
    }

    private void noteIfItMayWrite(Change change, Machine machine) {
        EnvironmentRows.find(change.handle(), machine.assignment().environment())
                .map(VirtualEnvironment::spec)
                .filter(spec -> spec.mode() == EnvironmentMode.SINGLE)
                .ifPresent(spec -> rows.find(change.handle(), machine.row().id())
                        .ifPresent(row -> Leftovers.note(change, row, spec.filesystemImage())));
    }

    /** Notes that a machine did not come back; storage is closed to it. */
    void giveUp(Change change, Machine machine) {
        ResourceRow row = rows.find(change.handle(), machine.row().id()).orElseThrow();
        if (row.state() == ResourceState.RELEASING) {
            String reason = "did not come back from " + machine.assignment().environment();
            rows.move(change, row, ResourceState.ERROR, reason);
            change.event(
                    Priority.ERROR,
                    "resource.lost",
                    ResourceService.lane(row.id()),
                    row.resource().name() + " " + reason,
                    row.id());
        }
    }
}
