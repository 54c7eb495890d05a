package org.qrm.core.environment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.resource.DeviceRows;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Change;
import org.qrm.core.store.Column;
import org.qrm.core.store.StaleException;
import org.qrm.core.store.Tags;

/**
 * Chooses machines: those that have at least what is needed, the tightest first (least memory, then fewest CPUs, then
 * slowest, then fewest network cards, then lowest id); and takes them, never one twice. Those that are off come after all
 * that are idle, and only where a plug-in can switch them on.
 */
final class Reservation {

    private static final int LOOKED_AT = 1000;
    private static final int SPARE = 32;

    /** Machines that may be taken as they are. A partition that is silent since its host is lost is idle for some seconds more. */
    static final String IDLE = "state = 'IDLE' and (host_id is null or host_id in"
            + " (select host.id from resource host where host.state = 'ACTIVE'))";

    /** Those that may be switched on to be taken. */
    static final String OFF = "state = 'OFF' and kind = 'NODE' and admitted = true and local_boot = false and cpus > 0";

    private static final String TIGHTEST = " order by memory_mb, cpus, cpu_mhz, nic_count, id";
    /**
     * One with a reason to be off may have failed to come up: it is the last that is tried. Before that come those whose controller does
     * not answer.
     */
    private static final String LEAST_DOUBTFUL = TIGHTEST.replace(
            "order by", "order by case when reason <> '' then 2 when power_problem <> '' then 1 else 0 end,");

    private final ResourceRows rows;
    /** Machines that another start is about to take: looking elsewhere first keeps starts from queueing up. */
    private final Set<Long> sought;

    private final long never;

    Reservation(ResourceRows rows) {
        this(rows, ConcurrentHashMap.newKeySet(), 0);
    }

    private Reservation(ResourceRows rows, Set<Long> sought, long never) {
        this.rows = rows;
        this.sought = sought;
        this.never = never;
    }

    /** The same, which never chooses that machine by itself. */
    Reservation without(long machine) {
        return new Reservation(rows, sought, machine);
    }

    /** Where it would go now. */
    Placement plan(Handle handle, EnvironmentSpec spec, StartRequest request, PowerAnswers power) {
        int wanted = wanted(request);
        List<Long> chosen = new ArrayList<>(idle(handle, spec, request, wanted));
        if (chosen.size() < wanted) {
            chosen.addAll(off(handle, spec, request, wanted - chosen.size(), power));
        }
        Map<Long, ResourceRow> looked = new LinkedHashMap<>();
        chosen.stream()
                .limit(LOOKED_AT)
                .flatMap(id -> rows.find(handle, id).stream())
                .forEach(row -> looked.put(row.id(), row));
        all(handle, request).forEach(row -> looked.putIfAbsent(row.id(), row));
        boolean enough = chosen.size() == wanted;
        Set<Long> hosts = activeHosts(handle, looked.values());
        NeededDevices devices = new NeededDevices(handle, spec, looked.keySet());
        return new Placement(
                enough,
                chosen,
                looked.values().stream()
                        .limit(LOOKED_AT)
                        .map(row -> candidate(spec, row, hosts, devices, power.of(row, enough)))
                        .toList());
    }

    private Placement.Candidate candidate(
            EnvironmentSpec spec, ResourceRow row, Set<Long> hosts, NeededDevices devices, WhenOff whenOff) {
        Resource resource = row.resource();
        List<String> objections = row.id() == never
                ? List.of("it is the one that is replaced")
                : hostIsThere(resource, hosts)
                        ? Fit.objections(spec, resource, devices, whenOff)
                        : List.of("its host does not answer");
        boolean fits = objections.isEmpty();
        List<String> reasons = fits && Fit.isOff(resource) ? List.of(whenOff.told()) : objections;
        return new Placement.Candidate(resource.id(), resource.name(), fits, reasons);
    }

    /** @param hosts those that are active */
    private static boolean hostIsThere(Resource resource, Set<Long> hosts) {
        return resource.hostId() == null || resource.state() != ResourceState.IDLE || hosts.contains(resource.hostId());
    }

    /** Of the hosts of these machines those that are active. */
    private Set<Long> activeHosts(Handle handle, Collection<ResourceRow> machines) {
        Set<Long> hosts = machines.stream()
                .map(row -> row.resource().hostId())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return rows.of(handle, hosts).stream()
                .filter(host -> host.state() == ResourceState.ACTIVE)
                .map(ResourceRow::id)
                .collect(Collectors.toSet());
    }

    /** Takes the machines as part of the change: idle ones, and if these do not suffice, some that are off. */
    List<Long> take(Change change, EnvironmentSpec spec, StartRequest request, PowerAnswers power) {
        int wanted = wanted(request);
        List<Long> taken = new ArrayList<>();
        List<Long> busy = new ArrayList<>();
        for (long id : idle(change.handle(), spec, request, wanted + SPARE)) {
            if (taken.size() < wanted && !takeUnsought(change, spec, id, taken)) {
                busy.add(id);
            }
        }
        for (long id : busy) {
            if (taken.size() < wanted && rows.take(change, id, spec.name())) {
                taken.add(id);
            }
        }
        if (taken.size() < wanted && request.resources().isEmpty()) {
            takeAnyOther(change, spec, request, wanted, taken);
        }
        if (taken.size() < wanted) {
            takeOff(change, spec, request, wanted, taken, power);
        }
        if (taken.size() < wanted) {
            Placement now = plan(change.handle(), spec, request, power);
            // a machine came free between the two looks: begin anew rather than refuse wrongly
            StaleException.unless(!now.possible());
            throw refusal(now, spec, wanted);
        }
        return taken;
    }

    private boolean takeUnsought(Change change, EnvironmentSpec spec, long id, List<Long> taken) {
        if (!sought.add(id)) {
            return false;
        }
        try {
            if (rows.take(change, id, spec.name())) {
                taken.add(id);
            }
            return true;
        } finally {
            sought.remove(id);
        }
    }

    /** The few that were looked at first went to others: what is left now, one query at a time. */
    private void takeAnyOther(Change change, EnvironmentSpec spec, StartRequest request, int wanted, List<Long> taken) {
        List<Long> left = idle(change.handle(), spec, request, wanted + SPARE);
        while (!left.isEmpty() && taken.size() < wanted) {
            for (long id : left) {
                if (taken.size() < wanted && rows.take(change, id, spec.name())) {
                    taken.add(id);
                }
            }
            left = taken.size() < wanted ? idle(change.handle(), spec, request, wanted + SPARE) : List.of();
        }
    }

    /** As long as there are any that others have not taken meanwhile. */
    private void takeOff(
            Change change,
            EnvironmentSpec spec,
            StartRequest request,
            int wanted,
            List<Long> taken,
            PowerAnswers power) {
        Set<Long> tried = new HashSet<>();
        List<Long> left = off(change.handle(), spec, request, wanted - taken.size(), power);
        while (!left.isEmpty()) {
            for (long id : left) {
                if (tried.add(id) && takeOff(change, spec, id, power)) {
                    taken.add(id);
                }
            }
            left = taken.size() < wanted
                    ? new ArrayList<>(off(change.handle(), spec, request, wanted - taken.size(), power))
                    : new ArrayList<>();
            left.removeAll(tried);
        }
    }

    /** It may have changed since it was asked about. */
    private boolean takeOff(Change change, EnvironmentSpec spec, long id, PowerAnswers power) {
        return rows.find(change.handle(), id)
                .filter(row -> Fit.isOff(row.resource()) && mayBeSwitchedOn(change.handle(), spec, row, power))
                .filter(row -> rows.takeOff(change, row, spec.name()))
                .isPresent();
    }

    private List<Long> idle(Handle handle, EnvironmentSpec spec, StartRequest request, int limit) {
        if (request.resources().isEmpty()) {
            return fitting(handle, spec, IDLE + TIGHTEST, limit);
        }
        List<ResourceRow> named = named(handle, request);
        Set<Long> hosts = activeHosts(handle, named);
        NeededDevices devices = devices(handle, spec, named);
        return named.stream()
                .filter(row -> row.state() == ResourceState.IDLE && hostIsThere(row.resource(), hosts))
                .filter(row -> Fit.objections(spec, row.resource(), devices, WhenOff.NOT_NEEDED)
                        .isEmpty())
                .map(ResourceRow::id)
                .toList();
    }

    /** Those that are off and would be switched on, in the order in which they would be taken; no more than are missing. */
    private List<Long> off(Handle handle, EnvironmentSpec spec, StartRequest request, int missing, PowerAnswers power) {
        if (spec.runsOn().startsWith(EnvironmentSpec.ON_PARTITION)) {
            return List.of();
        }
        List<Long> candidates = request.resources().isEmpty()
                ? fitting(handle, spec, OFF + LEAST_DOUBTFUL, LOOKED_AT)
                : named(handle, request).stream()
                        .filter(row -> Fit.isOff(row.resource()) && mayBeSwitchedOn(handle, spec, row, power))
                        .map(ResourceRow::id)
                        .toList();
        return power.controlled(candidates, missing);
    }

    private static boolean mayBeSwitchedOn(Handle handle, EnvironmentSpec spec, ResourceRow row, PowerAnswers power) {
        WhenOff known = power.of(row, true);
        NeededDevices devices = devices(handle, spec, List.of(row));
        return Fit.objections(spec, row.resource(), devices, known == WhenOff.NOT_NEEDED ? WhenOff.SWITCHED_ON : known)
                .isEmpty();
    }

    private static NeededDevices devices(Handle handle, EnvironmentSpec spec, List<ResourceRow> machines) {
        return new NeededDevices(
                handle, spec, machines.stream().map(ResourceRow::id).toList());
    }

    private List<Long> fitting(Handle handle, EnvironmentSpec spec, String stateInOrder, int limit) {
        List<Tag> tags = spec.requirements().tags();
        Map<String, Object> values = new HashMap<>();
        StringBuilder tagged = new StringBuilder();
        for (int each = 0; each < tags.size(); each++) {
            tagged.append(" and tags like :tag").append(each).append(" escape '!'");
            values.put("tag" + each, Tags.pattern(tags.get(each)));
        }
        List<String> devices = spec.requirements().devices();
        StringBuilder having = new StringBuilder();
        for (int each = 0; each < devices.size(); each++) {
            Column.Rows rows = DeviceRows.HAVING.rows().apply(devices.get(each));
            having.append(" and ").append(rows.condition().replace(":value", ":device" + each));
            values.put("device" + each, rows.bound());
        }
        String kind = switch (spec.runsOn()) {
            case EnvironmentSpec.ON_ANY -> "";
            case EnvironmentSpec.ON_NODE -> " and kind = 'NODE'";
            default -> {
                values.put("plugin", spec.runsOn().substring(EnvironmentSpec.ON_PARTITION.length()));
                yield " and kind = 'PARTITION' and partition_of = :plugin";
            }
        };
        boolean unsigned = SecureBoot.isInTheWayOf(spec);
        if (unsigned) {
            values.put("secure", SecureBoot.PATTERN);
        }
        String needs = " where environment is null and id <> :never" + kind
                + (unsigned ? " and details not like :secure" : "")
                + " and cpus >= :cpus and cpu_mhz >= :mhz and memory_mb >= :memory and nic_count >= :nics"
                + " and disk_gb >= :disk and gpus >= :gpus" + tagged + having
                + " and ";
        return handle.createQuery(
                        "select id from resource" + needs + stateInOrder + " fetch first " + limit + " rows only")
                .bindMap(values)
                .bind("never", never)
                .bind("cpus", spec.requirements().cpus())
                .bind("mhz", spec.requirements().cpuMhz())
                .bind("memory", spec.requirements().memoryMb())
                .bind("nics", spec.requirements().nics())
                .bind("disk", spec.requirements().diskGb())
                .bind("gpus", spec.requirements().gpus())
                .mapTo(Long.class)
                .list();
    }

    private List<ResourceRow> named(Handle handle, StartRequest request) {
        return request.resources().stream()
                .distinct()
                .map(id -> rows.find(handle, id)
                        .orElseThrow(() -> QrmException.notFound(
                                "start virtual environment on resource", "resource", String.valueOf(id))))
                .toList();
    }

    private List<ResourceRow> all(Handle handle, StartRequest request) {
        return request.resources().isEmpty() ? rows.inOrder(handle, TIGHTEST, LOOKED_AT) : named(handle, request);
    }

    private static int wanted(StartRequest request) {
        return request.resources().isEmpty()
                ? request.count()
                : (int) request.resources().stream().distinct().count();
    }

    private static QrmException refusal(Placement placement, EnvironmentSpec spec, int wanted) {
        List<String> why = placement.candidates().stream()
                .filter(candidate -> !candidate.fits())
                .limit(3)
                .map(candidate -> candidate.name() + ": " + String.join(", ", candidate.reasons()))
                .toList();
        long fitting = placement.candidates().stream()
                .filter(Placement.Candidate::fits)
                .count();
        String some = why.isEmpty()
                ? "there are no machines at all"
                : placement.candidates().size() + " looked at, " + fitting + " fit; " + String.join("; ", why)
                        + (placement.candidates().size() - fitting > why.size() ? "; …" : "");
        return QrmException.refused(
                EnvironmentAction.START.attempt(),
                spec.name(),
                "not enough machines fit (" + wanted + " needed): " + some,
                "Ask for a dry run to see every machine, free one, or lower the requirements.");
    }
}
