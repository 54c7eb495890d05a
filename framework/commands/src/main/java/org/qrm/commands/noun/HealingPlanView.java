package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.environment.HealingPlan;
import org.qrm.commands.About;

/** What would happen if machines of a virtual environment were lost, as it is answered. */
record HealingPlanView(
        @About("whether each of them could be fenced and replaced without a person")
        boolean possible,

        @About("its machines, each as if it alone were lost; 100 at most")
        List<LossView> machines) {

    record LossView(
            @About("its number") long resource,
            @About("its name") String name,

            @About("whether it could be fenced without a person")
            boolean fenced,

            @About("how, or why not") String fencing,

            @About(value = "number of the machine that would be taken instead", optional = true)
            Long spare,

            @About("where it would start, or why nowhere") String start) {}

    static HealingPlanView of(HealingPlan plan) {
        return new HealingPlanView(
                plan.possible(),
                plan.machines().stream()
                        .map(each -> new LossView(
                                each.resource(),
                                each.name(),
                                each.fenced(),
                                each.fencing(),
                                each.spare(),
                                each.start()))
                        .toList());
    }
}
