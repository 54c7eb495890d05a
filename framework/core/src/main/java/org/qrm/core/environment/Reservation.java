package org.qrm.core.environment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Change;
import org.qrm.core.store.StaleException;
import org.qrm.core.store.Tags;

/**
 * Chooses machines: those that have at least what is needed, the tightest first (least memory, then fewest CPUs, then
 * slowest, then fewest network cards, then lowest id); and takes them, never one twice.
 */
final class Reservation {

    private static final int LOOKED_AT = 1000;
    private static final int SPARE = 32;
    private static final String TIGHTEST = " order by memory_mb, cpus, cpu_mhz, nic_count, id";

    private final ResourceRows rows;
    /** Machines that another start is about to take: looking elsewhere first keeps starts from queueing up. */
    private final Set<Long> sought = ConcurrentHashMap.newKeySet();

    Reservation(ResourceRows rows) {
        this.rows = rows;
    }

    /** Where it would go now. */
    Placement plan(Handle handle, EnvironmentSpec spec, StartRequest request) {
        List<Resource> looked = request.resources().isEmpty() ? all(handle) : named(handle, request);
        List<Placement.Candidate> candidates = new ArrayList<>();
        List<Long> chosen = new ArrayList<>();
        int wanted = wanted(request);
        for (Resource resource : looked) {
            List<String> objections = Fit.objections(spec, resource);
            if (objections.isEmpty() && chosen.size() < wanted) {
                chosen.add(resource.id());
            }
            candidates.add(new Placement.Candidate(resource.id(), resource.name(), objections.isEmpty(), objections));
        }
        candidates.sort(Comparator.comparing(candidate -> !chosen.contains(candidate.resource())));
        return new Placement(chosen.size() == wanted, chosen, candidates);
    }

    /** Takes the machines as part of the change. */
    List<Long> take(Change change, EnvironmentSpec spec, StartRequest request) {
        int wanted = wanted(request);
        List<Long> taken = new ArrayList<>();
        List<Long> candidates = request.resources().isEmpty()
                ? fitting(change.handle(), spec, wanted + SPARE)
                : fittingNamed(change.handle(), spec, request);
        List<Long> busy = new ArrayList<>();
        for (long id : candidates) {
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
            takeAnyOther(change, spec, wanted, taken);
        }
        if (taken.size() < wanted) {
            Placement now = plan(change.handle(), spec, request);
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
    private void takeAnyOther(Change change, EnvironmentSpec spec, int wanted, List<Long> taken) {
        List<Long> left = fitting(change.handle(), spec, wanted + SPARE);
        while (!left.isEmpty() && taken.size() < wanted) {
            for (long id : left) {
                if (taken.size() < wanted && rows.take(change, id, spec.name())) {
                    taken.add(id);
                }
            }
            left = taken.size() < wanted ? fitting(change.handle(), spec, wanted + SPARE) : List.of();
        }
    }

    private static List<Long> fitting(Handle handle, EnvironmentSpec spec, int limit) {
        boolean onNode = spec.runsOn().equals(EnvironmentSpec.ON_NODE);
        List<Tag> tags = spec.requirements().tags();
        Map<String, Object> values = new HashMap<>();
        StringBuilder tagged = new StringBuilder();
        for (int each = 0; each < tags.size(); each++) {
            tagged.append(" and tags like :tag").append(each).append(" escape '!'");
            values.put("tag" + each, Tags.pattern(tags.get(each)));
        }
        if (!onNode) {
            values.put("plugin", plugin(spec));
        }
        return handle.createQuery(
                        "select id from resource where state = 'IDLE' and environment is null and kind = :kind"
                                + (onNode ? "" : " and partition_of = :plugin")
                                + " and cpus >= :cpus and cpu_mhz >= :mhz and memory_mb >= :memory and nic_count >= :nics"
                                + tagged + TIGHTEST + " fetch first " + limit + " rows only")
                .bind("kind", (onNode ? ResourceKind.NODE : ResourceKind.PARTITION).name())
                .bindMap(values)
                .bind("cpus", spec.requirements().cpus())
                .bind("mhz", spec.requirements().cpuMhz())
                .bind("memory", spec.requirements().memoryMb())
                .bind("nics", spec.requirements().nics())
                .mapTo(Long.class)
                .list();
    }

    private List<Long> fittingNamed(Handle handle, EnvironmentSpec spec, StartRequest request) {
        return named(handle, request).stream()
                .filter(resource -> Fit.objections(spec, resource).isEmpty())
                .map(Resource::id)
                .toList();
    }

    private List<Resource> named(Handle handle, StartRequest request) {
        return request.resources().stream()
                .distinct()
                .map(id -> rows.find(handle, id)
                        .map(ResourceRow::resource)
                        .orElseThrow(() -> QrmException.notFound(
                                "start virtual environment on resource", "resource", String.valueOf(id))))
                .toList();
    }

    private List<Resource> all(Handle handle) {
        return rows.inOrder(handle, TIGHTEST, LOOKED_AT);
    }

    private static int wanted(StartRequest request) {
        return request.resources().isEmpty()
                ? request.count()
                : (int) request.resources().stream().distinct().count();
    }

    private static String plugin(EnvironmentSpec spec) {
        return spec.runsOn().substring(EnvironmentSpec.ON_PARTITION.length());
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
                "start virtual environment",
                spec.name(),
                "not enough machines fit (" + wanted + " needed): " + some,
                "Ask for a dry run to see every machine, free one, or lower the requirements.");
    }
}
