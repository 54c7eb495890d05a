package org.qrm.core.environment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.resource.Resource;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.ResourceRow;

/**
 * Which machines that are off can be switched on, as far as plug-ins were asked for one start or one dry run. They may take their time, so
 * they are asked while no transaction is open: what has to know more than it was told ends, and begins anew when it was asked.
 */
final class PowerAnswers {

    /** For all that is asked for one start. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PowerControllers controllers;
    private final LongFunction<Optional<Resource>> machines;
    private final Map<Long, Boolean> answers = new HashMap<>();
    private long left = PATIENCE.toNanos();

    private PowerAnswers(PowerControllers controllers, LongFunction<Optional<Resource>> machines) {
        this.controllers = controllers;
        this.machines = machines;
    }

    /** Machines that have to be asked about, and how many of them are needed. */
    private static final class NotAsked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient List<Long> inOrder;
        private final int needed;

        NotAsked(List<Long> inOrder, int needed) {
            super("plug-ins are to be asked whose power they control", null, false, false);
            this.inOrder = inOrder;
            this.needed = needed;
        }
    }

    /**
     * Carries something out as often as there is more to be asked.
     *
     * @param machines finds one by its id, and waits for nothing but the database
     * @param attempt bears repetition; what it throws goes through
     */
    static <T> T asking(
            PowerControllers controllers,
            LongFunction<Optional<Resource>> machines,
            Function<PowerAnswers, T> attempt) {
        PowerAnswers power = new PowerAnswers(controllers, machines);
        while (true) {
            try {
                return attempt.apply(power);
            } catch (NotAsked question) {
                power.ask(question.inOrder, question.needed);
            }
        }
    }

    /** The first of them that can be switched on, no more than are needed. */
    List<Long> controlled(List<Long> inOrder, int needed) {
        List<Long> found = new ArrayList<>();
        for (int each = 0; each < inOrder.size() && found.size() < needed; each++) {
            Boolean answer = answers.get(inOrder.get(each));
            if (answer == null && left > 0) {
                throw new NotAsked(inOrder.subList(each, inOrder.size()), needed - found.size());
            }
            if (Boolean.TRUE.equals(answer)) {
                found.add(inOrder.get(each));
            }
        }
        return found;
    }

    /**
     * What is known of a machine that is off.
     *
     * @param enough whether it is not needed
     */
    WhenOff of(ResourceRow row, boolean enough) {
        if (!row.admitted()) {
            return WhenOff.NOT_ADMITTED;
        }
        if (row.localBoot()) {
            return WhenOff.OWN_DISK;
        }
        if (row.resource().hardware().cpus() == 0) {
            return WhenOff.UNKNOWN;
        }
        Boolean answer = answers.get(row.id());
        if (answer == null) {
            return enough ? WhenOff.NOT_NEEDED : WhenOff.NOT_ASKED;
        }
        return answer ? WhenOff.SWITCHED_ON : WhenOff.UNCONTROLLED;
    }

    private void ask(List<Long> inOrder, int needed) {
        long end = System.nanoTime() + left;
        int found = 0;
        for (long id : inOrder) {
            if (found < needed && System.nanoTime() < end) {
                boolean controlled = answers.computeIfAbsent(
                        id,
                        asked ->
                                machines.apply(asked).filter(this::isControlled).isPresent());
                found += controlled ? 1 : 0;
            }
        }
        left = end - System.nanoTime();
    }

    private boolean isControlled(Resource resource) {
        return controllers.of(resource, PowerAbility.ON).isPresent();
    }
}
