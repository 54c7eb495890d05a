package org.qrm.core.resource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.core.Limits;
import org.qrm.core.call.PluginCalls;

/** Who switches machines. All that is asked and told are calls of plug-ins. */
public final class PowerControllers {

    private static final String WHO = "power controller";

    private final Supplier<List<PowerController>> now;
    private final PluginCalls calls;

    /** @param now those there are now, the first to ask in front */
    public PowerControllers(Supplier<List<PowerController>> now, PluginCalls calls) {
        this.now = now;
        this.calls = calls;
    }

    /** Who can do this to that machine: the first that says so. */
    public Optional<Switch> of(Resource machine, PowerAbility wanted) {
        return now.get().stream()
                .filter(controller -> controller.controls(machine)
                        && controller.abilities(machine).contains(wanted))
                .findFirst()
                .map(controller -> new Switch(controller, machine));
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

        public void off(WorkContext work) {
            order(work, context -> controller.powerOff(machine, context));
        }

        public void cycle(WorkContext work) {
            order(work, context -> controller.powerCycle(machine, context));
        }

        private void order(WorkContext work, Consumer<WorkContext> order) {
            calls.call(controller, WHO, Limits.POWER, work, context -> {
                order.accept(context);
                return null;
            });
        }

        /** @param limit for who asks */
        public PowerState state(Duration limit) {
            return calls.call(controller, WHO, limit, null, () -> controller.state(machine));
        }
    }
}
