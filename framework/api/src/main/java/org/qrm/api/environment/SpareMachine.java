package org.qrm.api.environment;

import java.util.Objects;

/**
 * Where a virtual environment could start if its machine died now, as far as the database knows: nobody was asked who switches machines.
 *
 * @param environment its name
 * @param healing how it is healed
 * @param found how sure that is
 * @param resource id of the machine that fits best; null for none
 * @param machine its name; empty for none
 * @param told for people: what it would be, or what is missing
 */
public record SpareMachine(
        String environment, Healing healing, Found found, Long resource, String machine, String told) {

    /** How sure it is that there is one. More may be added: have a default. */
    public enum Found {
        /** An idle machine fits. */
        IDLE,
        /** No idle machine fits, and one that is off does, if it can be switched on. */
        OFF,
        /** No machine fits that is free. */
        NONE
    }

    public SpareMachine {
        Objects.requireNonNull(environment);
        Objects.requireNonNull(healing);
        Objects.requireNonNull(found);
        Objects.requireNonNull(machine);
        Objects.requireNonNull(told);
    }
}
