package org.qrm.api.environment;

import java.util.List;
import java.util.Objects;

/**
 * A virtual environment and where it stands.
 *
 * @param spec what it is
 * @param state where it stands
 * @param reason why it is in state ERROR, else empty
 * @param resources ids of the machines bound to it
 * @param version counts changes; for optimistic locking
 */
public record VirtualEnvironment(
        EnvironmentSpec spec, EnvironmentState state, String reason, List<Long> resources, long version) {
    public VirtualEnvironment {
        Objects.requireNonNull(spec);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        resources = List.copyOf(resources);
    }

    public String name() {
        return spec.name();
    }
}
