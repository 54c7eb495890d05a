package org.qrm.api.environment;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.qrm.api.Filter;

/**
 * Which virtual environments are meant, and what is asked of each.
 *
 * @param named by name; empty for all that the filter lets through
 * @param filter heeded when none is named
 * @param action a start takes one machine for each
 * @param force of a stop: as for one
 */
public record ManyEnvironments(
        List<String> named, Filter<EnvironmentField> filter, EnvironmentAction action, boolean force) {
    public ManyEnvironments {
        named = List.copyOf(new LinkedHashSet<>(named));
        Objects.requireNonNull(filter);
        Objects.requireNonNull(action);
    }
}
