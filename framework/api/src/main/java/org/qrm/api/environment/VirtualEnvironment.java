package org.qrm.api.environment;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Remark;

/**
 * A virtual environment and where it stands.
 *
 * @param spec what it is
 * @param state where it stands
 * @param reason why it is in state ERROR, else empty
 * @param resources ids of the machines bound to it
 * @param secretArguments names of the secret arguments that are set, in their order; nobody tells their values again
 * @param remark whom it belongs to, and what others should know of it
 * @param version counts changes; for optimistic locking
 */
public record VirtualEnvironment(
        EnvironmentSpec spec,
        EnvironmentState state,
        String reason,
        List<Long> resources,
        List<String> secretArguments,
        Remark remark,
        long version) {

    public VirtualEnvironment {
        Objects.requireNonNull(spec);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        resources = List.copyOf(resources);
        secretArguments = List.copyOf(secretArguments);
        Objects.requireNonNull(remark);
    }

    /** Nobody said anything of it. */
    public VirtualEnvironment(
            EnvironmentSpec spec,
            EnvironmentState state,
            String reason,
            List<Long> resources,
            List<String> secretArguments,
            long version) {
        this(spec, state, reason, resources, secretArguments, Remark.NONE, version);
    }

    /** One without secret arguments. */
    public VirtualEnvironment(
            EnvironmentSpec spec, EnvironmentState state, String reason, List<Long> resources, long version) {
        this(spec, state, reason, resources, List.of(), version);
    }

    /** The same, of which people say that. */
    public VirtualEnvironment remarked(Remark other) {
        return new VirtualEnvironment(spec, state, reason, resources, secretArguments, other, version);
    }

    public String name() {
        return spec.name();
    }
}
