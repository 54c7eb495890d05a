package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.ListField;
import org.qrm.api.Sort;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.SpareMachine;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Which environments would find a machine if theirs died now. */
public final class SparePaths implements Paths {

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.NAME));

    private final ApiServices services;

    enum Field implements ListField {
        NAME(Use.sorts()),
        SPARE(Use.narrows(SpareMachine.Found.class, "only those that would find such a machine")),
        HEAL(Use.narrows(HealMode.class, "only those that are healed so"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    record SpareView(
            @About("the virtual environment") String name,
            @About("how it is healed") HealMode heal,

            @About("whether an idle machine fits, only one that is off, or none")
            SpareMachine.Found spare,

            @About(value = "id of the machine that fits best", optional = true)
            Long resource,

            @About("its name, or empty") String machine,
            @About("what it is, or what is missing") String told) {

        static SpareView of(SpareMachine spare) {
            return new SpareView(
                    spare.environment(),
                    spare.healing().mode(),
                    spare.found(),
                    spare.resource(),
                    spare.machine(),
                    spare.told());
        }
    }

    public SparePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get(
                        "/spares",
                        "Which machine each running virtual environment would find if one of its own died now. Nobody is asked"
                                + " who switches machines.")
                .listed(LIST)
                .answersListOf(SpareView.class)
                .typed(VerbSketch.of("ve", "spares")
                        .about("Lists which machine each running one would find if one of its own died now.")
                        .columns("name", "heal", "spare", "machine", "told"))
                .by(call -> Answer.ok(LIST.answer(
                        call,
                        Field.NAME,
                        services.virtualEnvironments().spareMachines().stream()
                                .map(SpareView::of)
                                .toList()))));
    }
}
