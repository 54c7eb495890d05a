package org.qrm.api.environment;

import java.util.List;
import java.util.Objects;

/**
 * What would happen now if machines of a virtual environment were lost.
 *
 * @param possible whether each of them could be fenced and replaced without a person
 * @param machines those that are bound to it, each as if it alone were lost; 100 at most
 */
public record HealingPlan(boolean possible, List<Loss> machines) {

    /**
     * One machine that would be lost.
     *
     * @param resource its id
     * @param name its name
     * @param fenced whether it could be fenced without a person
     * @param fencing how, or why not
     * @param spare id of the machine that would be taken instead, or null
     * @param start where it would start, or why nowhere
     */
    public record Loss(long resource, String name, boolean fenced, String fencing, Long spare, String start) {
        public Loss {
            Objects.requireNonNull(name);
            Objects.requireNonNull(fencing);
            Objects.requireNonNull(start);
        }
    }

    public HealingPlan {
        machines = List.copyOf(machines);
    }
}
