package org.qrm.core.environment;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.BoundMachines;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Change;
import org.qrm.core.store.Dialect;
import org.qrm.core.store.EventRows;

/** Lets the state of a virtual environment follow from its machines', while no operation is at work on it. */
public final class EnvironmentHealth implements BoundMachines {

    private static final Set<EnvironmentState> FOLLOWING =
            Set.of(EnvironmentState.ACTIVE, EnvironmentState.STARTING, EnvironmentState.ERROR);

    private final ResourceRows rows;

    public EnvironmentHealth(ResourceRows rows) {
        this.rows = rows;
    }

    /** Looks at an environment again because one of its machines has changed in this transaction; null does nothing. */
    @Override
    public void changed(Change change, String name) {
        if (name != null) {
            following(change, name).ifPresent(environment -> follow(change, environment, ""));
        }
    }

    @Override
    public Optional<String> mayWrite(Handle handle, ResourceRow row) {
        return Leftovers.mayWrite(handle, row)
                .or(() -> handle
                        .createQuery("select id from resource" + Dialect.index("resource_host")
                                + " where host_id = :host order by id")
                        .bind("host", row.id())
                        .mapTo(Long.class)
                        .list()
                        .stream()
                        .flatMap(guest -> rows.find(handle, guest).stream())
                        .flatMap(guest -> Leftovers.mayWrite(handle, guest).stream())
                        .findFirst());
    }

    /**
     * An operation has ended in this transaction. What machines did while it was at work was not followed; it is from here on.
     *
     * @param lanes those that it had
     */
    void free(Change change, Collection<String> lanes) {
        lanes.stream()
                .flatMap(lane -> EnvironmentService.ofLane(lane).stream())
                .flatMap(name -> following(change, name).stream())
                .filter(environment -> lockMachines(change, environment.name()))
                .forEach(environment -> follow(change, environment, ""));
    }

    /** Whoever changes one at this moment has done so before, or finds that nothing is at work any more. False when there is none. */
    private boolean lockMachines(Change change, String environment) {
        List<AssignmentRow> bound = AssignmentRows.ofEnvironment(change.handle(), environment);
        bound.forEach(assignment -> rows.lock(change, assignment.resource()));
        return !bound.isEmpty();
    }

    private static Optional<VirtualEnvironment> following(Change change, String name) {
        return EnvironmentRows.find(change.handle(), name)
                .filter(environment -> FOLLOWING.contains(environment.state()) && !isWorkedOn(change, name));
    }

    /**
     * An operation on it has given up: from now on it stands where its machines stand, unless something else was asked for meanwhile.
     *
     * @param why what it failed of, which says more than its machines' states; or empty
     */
    void settle(Change change, Work work, String name, String why) {
        EnvironmentRows.find(change.handle(), name)
                .filter(environment -> Deciding.isLast(change, work, name))
                .ifPresent(environment -> follow(change, environment, why));
    }

    private void follow(Change change, VirtualEnvironment environment, String why) {
        List<Resource> machines = AssignmentRows.ofEnvironment(change.handle(), environment.name()).stream()
                .flatMap(assignment -> rows.find(change.handle(), assignment.resource()).stream())
                .map(ResourceRow::resource)
                .toList();
        EnvironmentState now = follow(machines);
        if (now != environment.state()) {
            String reason = now == EnvironmentState.ERROR && !why.isEmpty() ? why : reason(machines);
            EnvironmentRows.move(change, environment, now, reason);
            tell(change, environment, now, reason);
        }
    }

    private static EnvironmentState follow(List<Resource> machines) {
        if (machines.isEmpty()) {
            return EnvironmentState.INACTIVE;
        }
        if (machines.stream().allMatch(machine -> machine.state() == ResourceState.ACTIVE)) {
            return EnvironmentState.ACTIVE;
        }
        boolean onTheirWay = machines.stream()
                .allMatch(
                        machine -> machine.state() == ResourceState.ACTIVE || machine.state() == ResourceState.BOOTING);
        return onTheirWay ? EnvironmentState.STARTING : EnvironmentState.ERROR;
    }

    private static String reason(List<Resource> machines) {
        return machines.stream()
                .filter(machine -> machine.state() != ResourceState.ACTIVE)
                .map(machine -> machine.name() + " is "
                        + machine.state().name().toLowerCase(java.util.Locale.ROOT)
                        + (machine.reason().isEmpty() ? "" : ": " + machine.reason()))
                .collect(java.util.stream.Collectors.joining("; "));
    }

    private static void tell(Change change, VirtualEnvironment environment, EnvironmentState now, String reason) {
        String subject = EnvironmentService.lane(environment.name());
        if (now == EnvironmentState.ERROR) {
            change.event(
                    Priority.ERROR,
                    "virtual-environment.error",
                    subject,
                    "Virtual environment " + environment.name() + " is in trouble: " + reason,
                    null);
        } else if (now == EnvironmentState.ACTIVE) {
            EventRows.resolve(change.handle(), "virtual-environment.error", subject);
            change.event(
                    Priority.INFO,
                    "virtual-environment.active",
                    subject,
                    "Virtual environment " + environment.name() + " is active again",
                    null);
        }
    }

    private static boolean isWorkedOn(Change change, String name) {
        return change.handle()
                        .createQuery("select count(*) from operation_lane where lane = :lane")
                        .bind("lane", EnvironmentService.lane(name))
                        .mapTo(Long.class)
                        .one()
                > 0;
    }
}
