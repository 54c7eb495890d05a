package org.qrm.core.lifecycle;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.qrm.api.QrmException;

/** The table of a life cycle: from which state which others can be reached. */
public final class LifeCycle<S extends Enum<S>> {

    private final String noun;
    private final Map<S, Set<S>> transitions;

    /** @param noun what lives so, for messages */
    public LifeCycle(String noun, Class<S> states) {
        this.noun = noun;
        transitions = new EnumMap<>(states);
        for (S state : states.getEnumConstants()) {
            transitions.put(state, EnumSet.noneOf(states));
        }
    }

    /** Adds a line of the table; for static initializers. */
    @SafeVarargs
    public final LifeCycle<S> from(S state, S... reachable) {
        Set<S> others = transitions.get(state);
        for (S other : reachable) {
            others.add(other);
        }
        return this;
    }

    /** Whether the table has that transition; a state can always be kept. */
    public boolean allows(S from, S to) {
        return from == to || transitions.get(from).contains(to);
    }

    /** @throws QrmException kind CONFLICT, naming both states, unless the table has that transition */
    public void check(String subject, S from, S to) {
        if (!allows(from, to)) {
            throw QrmException.conflict(
                    "change state of " + noun,
                    subject,
                    "it is " + word(from) + ", from which it cannot become " + word(to),
                    "Look where it stands now and choose what that state allows.");
        }
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
