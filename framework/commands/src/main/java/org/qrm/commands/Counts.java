package org.qrm.commands;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.operation.OperationState;
import org.qrm.api.resource.ResourceState;

/** How many there are in each state, by the state's word; a state without any has 0. */
public final class Counts {

    private final ApiServices services;

    public Counts(ApiServices services) {
        this.services = services;
    }

    public Map<String, Long> resources() {
        return byWord(ResourceState.class, services.resources().countByState());
    }

    public Map<String, Long> environments() {
        return byWord(EnvironmentState.class, services.virtualEnvironments().countByState());
    }

    public Map<String, Long> operations() {
        return byWord(OperationState.class, services.operations().countByState());
    }

    private static <S extends Enum<S>> Map<String, Long> byWord(Class<S> states, Map<S, Long> counts) {
        Map<String, Long> words = new TreeMap<>();
        Arrays.stream(states.getEnumConstants())
                .forEach(state -> words.put(Words.of(state), counts.getOrDefault(state, 0L)));
        return words;
    }
}
