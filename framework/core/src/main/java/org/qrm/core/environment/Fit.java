package org.qrm.core.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

/** Why a machine can not take an environment: a pure function, so that dry run and start tell the same. */
final class Fit {

    private Fit() {}

    /**
     * The reasons with figures; none if it fits.
     *
     * @param devices which machines have those that are needed
     * @param whenOff what is known of it, if {@link #isOff}
     */
    static List<String> objections(EnvironmentSpec spec, Resource resource, NeededDevices devices, WhenOff whenOff) {
        List<String> reasons = new ArrayList<>();
        String kind = kindObjection(spec, resource);
        if (!kind.isEmpty()) {
            reasons.add(kind);
        }
        if (resource.state() == ResourceState.NEW && resource.kind() == ResourceKind.NODE) {
            reasons.add("it is new, and waits to be admitted");
        } else if (isOff(resource)) {
            if (!whenOff.fits() && !whenOff.isLastReason()) {
                reasons.add(whenOff.told());
            }
        } else if (resource.state() != ResourceState.IDLE) {
            String bound = resource.environmentId() == null ? "" : " with " + resource.environmentId();
            reasons.add("it is " + resource.state().name().toLowerCase(Locale.ROOT) + bound + ", not idle");
        }
        if (resource.state() == ResourceState.IDLE && resource.environmentId() != null) {
            reasons.add("it is idle, but its storage is still being closed after " + resource.environmentId());
        }
        Requirements needs = spec.requirements();
        Hardware has = resource.hardware();
        String by = spec.partitioning() == null ? "" : " by a host of " + spec.partitioning();
        atLeast(reasons, "CPUs", has.cpus(), needs.cpus(), by);
        atLeast(reasons, "MHz", has.cpuMhz(), needs.cpuMhz(), by);
        atLeast(reasons, "MiB of memory", has.memoryMb(), needs.memoryMb(), by);
        atLeast(reasons, "network cards", has.nics().size(), needs.nics(), by);
        if (has.diskGb() == 0 && needs.diskGb() > 0) {
            reasons.add("it has told of no disk, and one of " + needs.diskGb() + " GB is needed" + by);
        } else {
            atLeast(reasons, "GB on its largest disk", has.diskGb(), needs.diskGb(), by);
        }
        atLeast(reasons, "graphics processors", has.gpus(), needs.gpus(), by);
        needs.tags().stream()
                .filter(wanted -> has(resource, wanted).isEmpty())
                .forEach(wanted -> reasons.add(without(resource, wanted) + by));
        devices.lackedBy(resource.id())
                .forEach(lacked -> reasons.add("it has told of no device " + lacked + ", which is needed" + by));
        String secure = SecureBoot.objection(spec, resource);
        if (!secure.isEmpty()) {
            reasons.add(secure);
        }
        if (isOff(resource) && whenOff.isLastReason() && reasons.isEmpty()) {
            reasons.add(whenOff.told());
        }
        return reasons;
    }

    /** Whether it is off, and may perhaps be switched on: partitions are their hosts' business. */
    static boolean isOff(Resource resource) {
        return resource.state() == ResourceState.OFF
                && resource.kind() == ResourceKind.NODE
                && resource.environmentId() == null;
    }

    private static Optional<Tag> has(Resource resource, Tag wanted) {
        return resource.tags().stream().filter(tag -> tag.says(wanted)).findFirst();
    }

    private static String without(Resource resource, Tag wanted) {
        return has(resource, new Tag(wanted.name(), ""))
                .map(tag -> "it is tagged " + tag + ", and " + wanted + " is needed")
                .orElse("it is not tagged " + wanted + ", which is needed");
    }

    private static String kindObjection(EnvironmentSpec spec, Resource resource) {
        if (spec.runsOn().equals(EnvironmentSpec.ON_ANY)) {
            return "";
        }
        if (spec.runsOn().equals(EnvironmentSpec.ON_NODE)) {
            return resource.kind() == ResourceKind.NODE ? "" : "it is a partition, and the environment runs on nodes";
        }
        String plugin = spec.runsOn().substring(EnvironmentSpec.ON_PARTITION.length());
        return plugin.equals(resource.partitionOf()) ? "" : "it is no partition of " + plugin;
    }

    private static void atLeast(List<String> reasons, String unit, long has, long needs, String by) {
        if (has < needs) {
            String counted = has == 1 && unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
            reasons.add("it has " + has + " " + counted + ", " + needs + " are needed" + by);
        }
    }
}
