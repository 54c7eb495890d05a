package org.qrm.api.resource;

import java.util.Map;

/**
 * How many resources there are of one size.
 *
 * @param kind what they are
 * @param cpus CPUs of each
 * @param memoryMb memory of each in MiB; from 2 GiB on to the nearest GiB, as firmware keeps another few MiB on each machine
 * @param states how many are in each state; states without any are absent
 */
public record ResourceSize(ResourceKind kind, int cpus, long memoryMb, Map<ResourceState, Long> states) {

    public ResourceSize {
        states = Map.copyOf(states);
    }

    public long all() {
        return states.values().stream().mapToLong(Long::longValue).sum();
    }
}
