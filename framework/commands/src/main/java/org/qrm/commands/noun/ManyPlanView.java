package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.operation.ManyPlan;
import org.qrm.commands.About;

/** What would be done to many, as it is answered. */
record ManyPlanView(
        @About("how many are meant") int matches,
        @About("how many of them it would be begun on") int possible,
        @About("the first 1000 of them") List<ThingView> things) {

    record ThingView(
            @About("what: resource/17") String subject,
            @About("what it is called") String name,

            @About("why it would be refused; empty when it would be begun")
            String reason) {}

    static ManyPlanView of(ManyPlan plan) {
        return new ManyPlanView(
                plan.matches(),
                plan.possible(),
                plan.things().stream()
                        .map(each -> new ThingView(each.subject(), each.name(), each.reason()))
                        .toList());
    }
}
