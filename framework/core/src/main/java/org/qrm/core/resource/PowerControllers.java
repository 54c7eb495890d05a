package org.qrm.core.resource;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.core.Limits;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.PluginTerminals;

/** Who switches machines. All that is asked and told are calls of plug-ins. */
public final class PowerControllers {

    private static final String WHO = "power controller";

    /** Beyond so many that do not return a controller is not asked in the background any more, so that it can be called for operations. */
    private static final int MOST_STUCK = 4;

    /** Of these a machine needs one source. To switch it on more may be able, as Wake-on-LAN beside a BMC. */
    private static final Set<PowerAbility> DECISIVE = Set.of(PowerAbility.OFF, PowerAbility.STATE);

    private final Supplier<List<PowerController>> now;
    private final PluginCalls calls;
    private volatile Orders orders = new Orders() {};

    /** Hears of machines whose power is changed; must not throw. */
    interface Orders {

        /** Before. */
        default void begins(long machine) {}

        /** After, also when it failed. */
        default void ended(long machine) {}
    }

    /** @param now those there are now, the first to ask in front */
    public PowerControllers(Supplier<List<PowerController>> now, PluginCalls calls) {
        this.now = now;
        this.calls = calls;
    }

    /** Who can do this to that machine: the first that says so. */
    public Optional<Switch> of(Resource machine, PowerAbility wanted) {
        return of(machine, Set.of(wanted));
    }

    /** Who can do all of this to that machine: the first that says so. */
    Optional<Switch> of(Resource machine, Set<PowerAbility> wanted) {
        return now.get().stream()
                .filter(controller -> controller.controls(machine)
                        && controller.abilities(machine).containsAll(wanted))
                .findFirst()
                .map(controller -> new Switch(controller, machine));
    }

    void tell(Orders hearing) {
        orders = hearing;
    }

    /**
     * Who can be asked in the background whether that machine has power.
     *
     * @throws QrmException UNAVAILABLE when calls of who might know do not return
     */
    Optional<Switch> telling(Resource machine) {
        QrmException stuck = null;
        for (PowerController controller : now.get()) {
            long calledInVain = calls.leftBehind(controller);
            if (calledInVain >= MOST_STUCK) {
                stuck = stuck(controller, machine, calledInVain);
            } else if (controller.controls(machine)
                    && controller.abilities(machine).contains(PowerAbility.STATE)) {
                return Optional.of(new Switch(controller, machine));
            }
        }
        if (stuck != null) {
            throw stuck;
        }
        return Optional.empty();
    }

    /**
     * All that say they control that machine and can tell or end its power, the one who is asked in front. A second one is a contradiction:
     * what is switched off by one may be switched on by the other.
     */
    List<String> claiming(Resource machine) {
        List<PowerController> there = now.get();
        return there.size() < 2
                ? List.of()
                : there.stream()
                        .filter(controller -> controller.controls(machine)
                                && !Collections.disjoint(controller.abilities(machine), DECISIVE))
                        .map(PowerControllers::name)
                        .toList();
    }

    private static QrmException stuck(PowerController controller, Resource machine, long calls) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                "tell the power of resource",
                machine.name(),
                calls + " earlier calls of " + name(controller) + " have not returned",
                "Update or remove that plug-in."));
    }

    private static String name(PowerController controller) {
        Object plain = controller instanceof Admission.Guarded guarded ? guarded.original() : controller;
        return WHO + " " + plain.getClass().getName();
    }

    /** What can be done to that machine by anybody. */
    Set<PowerAbility> abilities(Resource machine) {
        Set<PowerAbility> all = EnumSet.noneOf(PowerAbility.class);
        now.get().stream()
                .filter(controller -> controller.controls(machine))
                .forEach(controller -> all.addAll(controller.abilities(machine)));
        return all;
    }

    /** Whether anybody can do anything to the power of that machine. */
    boolean isControlled(Resource machine) {
        return now.get().stream().anyMatch(controller -> controller.controls(machine));
    }

    /** The power of one machine. */
    public final class Switch {
        private final PowerController controller;
        private final Resource machine;

        private Switch(PowerController controller, Resource machine) {
            this.controller = controller;
            this.machine = machine;
        }

        public void on(WorkContext work) {
            order(work, context -> controller.powerOn(machine, context));
        }

        void on(BootDevice device, WorkContext work) {
            order(work, context -> controller.powerOn(machine, device, context));
        }

        /** @param limit for it all */
        void bootNext(BootDevice device, Duration limit, WorkContext work) {
            tell(limit, work, context -> controller.bootNext(machine, device, context));
        }

        public void off(WorkContext work) {
            order(work, context -> controller.powerOff(machine, context));
        }

        public void cycle(WorkContext work) {
            order(work, context -> controller.powerCycle(machine, context));
        }

        /** It goes off in its own time, which surprises nobody from now on. */
        void shutDown(WorkContext work) {
            boolean passedOn = false;
            orders.begins(machine.id());
            try {
                tell(Limits.POWER, work, context -> controller.shutDown(machine, context));
                passedOn = true;
            } finally {
                if (!passedOn) {
                    orders.ended(machine.id());
                }
            }
        }

        private void order(WorkContext work, Consumer<WorkContext> order) {
            orders.begins(machine.id());
            try {
                tell(Limits.POWER, work, order);
            } finally {
                orders.ended(machine.id());
            }
        }

        private void tell(Duration limit, WorkContext work, Consumer<WorkContext> order) {
            calls.call(controller, WHO, limit, work, context -> {
                order.accept(context);
                return null;
            });
        }

        /** Tells the controller from others, without keeping it. */
        String who() {
            return name(controller) + " " + System.identityHashCode(controller);
        }

        /** @param limit for who asks */
        public PowerState state(Duration limit) {
            return ask(limit, PowerController::state);
        }

        <T> T ask(Duration limit, BiFunction<PowerController, Resource, T> question) {
            return calls.call(controller, WHO, limit, null, () -> question.apply(controller, machine));
        }

        /** @param limit for who waits for it */
        Terminal open(PluginTerminals terminals, TerminalSize size, Duration limit) {
            return terminals.open(
                    new PluginTerminals.Opener(
                            controller, WHO, limit, () -> now.get().contains(controller)),
                    machine.name(),
                    () -> controller.openConsole(machine, size));
        }
    }
}
