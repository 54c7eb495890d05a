package org.qrm.core.environment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.SpareMachine;
import org.qrm.api.environment.SpareMachine.Found;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/**
 * Which environments would find a machine if theirs died now: two queries for all, and each set of needs is looked at once. Nobody is
 * asked who switches machines, so one that is off is a spare only if it can be switched on.
 */
final class SpareMachines {

    /** The tightest of them; the rest is read only if none of these fits. */
    private static final int FIRST = 500;

    private static final int ALL = 20_000;
    private static final String FREE = " where environment is null and (" + Reservation.IDLE + " or " + Reservation.OFF
            + ")" + " order by case when state = 'IDLE' then 0 else 1 end, memory_mb, cpus, cpu_mhz, nic_count, id";

    private final ResourceRows rows;
    private final UnaryOperator<EnvironmentSpec> needs;

    /** @param needs as they are asked of spare machines; may ask a plug-in, and throw when that is not there */
    SpareMachines(ResourceRows rows, UnaryOperator<EnvironmentSpec> needs) {
        this.rows = rows;
        this.needs = needs;
    }

    /** What two environments have in common that find the same machine. */
    private record Needs(String runsOn, String partitioning, Requirements requirements, boolean unsigned) {}

    private record Spare(Found found, Long resource, String machine, String told) {}

    List<SpareMachine> look(Database database) {
        List<VirtualEnvironment> running = database.read(EnvironmentRows::running);
        Map<Object, Spare> known = new HashMap<>();
        find(database, running, free(database, FIRST), known);
        boolean sought = known.values().stream().anyMatch(spare -> spare.found() == Found.NONE);
        if (sought) {
            known.values().removeIf(spare -> spare.found() == Found.NONE);
            find(database, running, free(database, ALL), known);
        }
        return running.stream()
                .map(VirtualEnvironment::spec)
                .map(spec -> spare(spec, known.get(own(spec))))
                .toList();
    }

    private List<ResourceRow> free(Database database, int most) {
        return database.read(handle -> rows.inOrder(handle, FREE, most));
    }

    private void find(
            Database database, List<VirtualEnvironment> running, List<ResourceRow> free, Map<Object, Spare> known) {
        running.stream()
                .map(VirtualEnvironment::spec)
                .forEach(spec -> known.computeIfAbsent(own(spec), own -> find(database, spec, free)));
    }

    private static Object own(EnvironmentSpec spec) {
        return List.of(
                new Needs(spec.runsOn(), spec.partitioning(), spec.requirements(), SecureBoot.isInTheWayOf(spec)),
                spec.healing().tags());
    }

    private Spare find(Database database, EnvironmentSpec own, List<ResourceRow> free) {
        try {
            EnvironmentSpec spec = needs.apply(own);
            List<Long> machines = free.stream().map(ResourceRow::id).toList();
            NeededDevices devices = database.read(handle -> new NeededDevices(handle, spec, machines));
            Optional<ResourceRow> first = free.stream()
                    .filter(row -> Fit.objections(spec, row.resource(), devices, WhenOff.SWITCHED_ON)
                            .isEmpty())
                    .findFirst();
            return first.map(SpareMachines::spare).orElseGet(() -> none("no machine is free that fits"));
        } catch (QrmException unknown) {
            return none(unknown.problem().reason());
        }
    }

    private static Spare spare(ResourceRow row) {
        String name = row.resource().name();
        return row.state() == ResourceState.IDLE
                ? new Spare(Found.IDLE, row.id(), name, name + " is idle, and fits")
                : new Spare(Found.OFF, row.id(), name, name + " is off, and fits if it can be switched on");
    }

    private static Spare none(String why) {
        return new Spare(Found.NONE, null, "", why);
    }

    private static SpareMachine spare(EnvironmentSpec spec, Spare spare) {
        return new SpareMachine(
                spec.name(), spec.healing(), spare.found(), spare.resource(), spare.machine(), spare.told());
    }
}
