package org.qrm.commands.noun;

import java.util.Arrays;
import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.ManyEnvironments;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;
import org.qrm.commands.Words;

/** The same asked of many virtual environments: of those that are named, or of all that the filters of their list let through. */
public final class ManyEnvironmentPaths implements Paths {

    private static final String PATH = "/virtual-environment-actions";

    private final ApiServices services;

    record Action(
            @About("what is asked of each; a start takes one machine for each")
            EnvironmentAction action,

            @About(value = "the environments, by name; else those that the parameters let through", optional = true)
            List<String> names,

            @About(value = "all virtual environments there are, instead of some", optional = true)
            Boolean all,

            @About(
                    value = "stop: without asking the images to shut down, and although partitions are in use",
                    optional = true)
            Boolean force,

            @About(
                    value = "only say what would be done, and what would be refused, as far as their states tell",
                    optional = true)
            Boolean dryRun,

            @About(value = Meant.WHY, optional = true, most = 200)
            String why,

            @About(value = Meant.AT_ONCE, optional = true) Integer atOnce,

            @About(value = Meant.MOST, optional = true) Integer most) {}

    public ManyEnvironmentPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        Route.Sketch route = Route.post(
                        PATH,
                        "Asks the same of many virtual environments: one operation, whose parts tell of each. A dry run answers at once.")
                .narrowed(EnvironmentPaths.LIST)
                .takes(Action.class)
                .answers(202, OperationView.class)
                .answers(200, ManyPlanView.class);
        Arrays.stream(EnvironmentAction.values())
                .map(ManyEnvironmentPaths::typed)
                .forEach(route::typed);
        return List.of(route.by(this::act));
    }

    private static VerbSketch typed(EnvironmentAction action) {
        VerbSketch sketch = Meant.planned(VerbSketch.of("ve", action.word() + "-all"))
                .preset("action", action.word())
                .about(
                        switch (action) {
                            case START -> "Starts all that are meant, each on a machine that fits.";
                            case STOP -> "Stops all that are meant and gives their machines back.";
                            case RESTART -> "Restarts the machines of all that are meant.";
                        })
                .argument("names")
                .names("names", "ve")
                .names("bootImage", "boot-image")
                .names("filesystemImage", "filesystem-image")
                .names("partitioning", "plugin");
        return action == EnvironmentAction.STOP
                ? sketch.only("all", "force", "dryRun", "why", "atOnce", "most")
                : sketch.only("all", "dryRun", "why", "atOnce", "most");
    }

    private Answer act(Call call) throws Exception {
        Action request = call.body(Action.class);
        String attempt = Words.of(request.action) + " virtual environments";
        if (request.force != null && request.action != EnvironmentAction.STOP) {
            throw QrmException.invalid(attempt, "force", "force belongs to stop", "Leave it out.");
        }
        Meant<EnvironmentField> meant = Meant.of(
                call,
                attempt,
                request.names,
                EnvironmentPaths.LIST.filter(call),
                request.all,
                new Meant.Manner(
                        request.why,
                        request.atOnce,
                        request.most,
                        request.dryRun,
                        Boolean.TRUE.equals(request.force) ? "by force" : ""));
        ManyEnvironments many =
                new ManyEnvironments(meant.named(), meant.filter(), request.action, Boolean.TRUE.equals(request.force));
        return meant.answer(
                most -> services.virtualEnvironments().plan(many, most),
                how -> services.virtualEnvironments().act(many, how));
    }
}
