package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import org.qrm.api.environment.HealingStorm;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Whether so many machines are lost at once that healing waits. */
public final class StormPaths implements Paths {

    private static final String PATH = "/storm";

    private final ApiServices services;

    enum Verb {
        GO_ON
    }

    record Action(@About("what to do") Verb action) {}

    record StormView(
            @About(value = "since when healing waits; null while it does not", optional = true)
            Instant since,

            @About("machines of virtual environments that should report")
            int machines,

            @About("how many of them are not heard of") int lost) {

        static StormView of(HealingStorm storm) {
            return new StormView(storm.since(), storm.machines(), storm.lost());
        }
    }

    public StormPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Whether so many machines are lost at once that healing waits.")
                        .answers(200, StormView.class)
                        .typed(VerbSketch.of("storm", "show"))
                        .by(call -> Answer.ok(
                                StormView.of(services.virtualEnvironments().storm()))),
                Route.post(
                                PATH + "/actions",
                                "Has healing go on although so many machines are lost, because a person says so.")
                        .takes(Action.class)
                        .answers(200, StormView.class)
                        .typed(VerbSketch.action("storm", "go-on")
                                .about("Has healing go on although so many machines are lost.")
                                .asks(
                                        "All machines that are lost are switched off then, a few at a time, and their environments"
                                                + " start on others. Is the cause neither the network nor this server?")
                                .done("Healing goes on: {lost} of {machines} machines are lost."))
                        .by(this::act));
    }

    private Answer act(Call call) throws Exception {
        call.body(Action.class);
        return Answer.ok(StormView.of(services.virtualEnvironments().goOnInStorm()));
    }
}
