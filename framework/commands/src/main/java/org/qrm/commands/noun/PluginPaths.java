package org.qrm.commands.noun;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.plugin.PluginDescription;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.plugin.Question;
import org.qrm.api.plugin.WizardAnswers;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.FieldErrors;
import org.qrm.commands.GivenAnswers;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Restless;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Plug-ins: their life cycle and their wizards. */
public final class PluginPaths implements Paths {

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.ID));

    enum Field implements ListField {
        ID(Use.sorts()),
        STATE(Use.both(PluginState.class, "only in this state")),
        PRESENT(Use.narrows(Boolean.class, "only those whose bundle is there now, or is not")),
        CONFIGURABLE(Use.narrows(Boolean.class, "only those with a wizard, or without"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    private final ApiServices services;

    record Action(
            @About("what to do") PluginAction action,

            @About(
                    value = "uninstall: whatever the plug-in says, and without its bundle; what it made stays",
                    optional = true)
            Boolean force) {}

    record PluginView(
            @About("its name") String id,
            @About("one line for people") String description,
            @About("of its bundle") String version,
            @About("where it stands") PluginState state,
            @About("whether its bundle is there now") boolean present,
            @About("whether it has a wizard") boolean configurable,

            @About(
                    "names of questions that the version that runs now asks, and that must be answered: while there are any it"
                            + " needs configuration")
            List<String> unanswered,

            @About("what leads somewhere now") List<PluginAction> actions) {
        static PluginView of(PluginDescription plugin) {
            return new PluginView(
                    plugin.id(),
                    plugin.description(),
                    plugin.version(),
                    plugin.state(),
                    plugin.present(),
                    plugin.configurable(),
                    plugin.unanswered(),
                    plugin.actions());
        }
    }

    record WizardView(
            @About("in the order in which they are asked") List<QuestionView> questions,

            @About("the accepted answers, secrets left out") Map<String, String> answers,

            @About("answers of a wizard that was left or found something wrong, to go on with")
            Map<String, String> draft,

            @About("what a changed answer changes, and when; empty before it is installed, or if it does not say")
            String effect)
            implements Restless {

        /** What can be changed: the questions are the plug-in's. */
        static WizardView answered(WizardAnswers all) {
            return new WizardView(List.of(), all.accepted(), all.draft(), "");
        }

        @Override
        public Object calm() {
            return new WizardView(List.of(), new TreeMap<>(answers), new TreeMap<>(draft), "");
        }
    }

    record QuestionView(
            @About("key of the answer") String name,
            @About("the question, for people") String text,
            @About("what the answer is") Question.Type type,
            @About("proposed, may be empty") String defaultAnswer,
            @About("whether it must be answered") boolean required,
            @About("for a choice, else empty") List<String> choices) {
        static QuestionView of(Question question) {
            return new QuestionView(
                    question.name(),
                    question.text(),
                    question.type(),
                    question.defaultAnswer(),
                    question.required(),
                    question.choices());
        }
    }

    public PluginPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/plugins", "Lists plug-ins.")
                        .listed(LIST)
                        .answersListOf(PluginView.class)
                        .typed(VerbSketch.of("plugin", "list")
                                .columns(
                                        "id",
                                        "version",
                                        "state",
                                        "present",
                                        "WIZARD=configurable",
                                        "unanswered",
                                        "description"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.ID,
                                services.plugins().list().stream()
                                        .map(PluginView::of)
                                        .toList()))),
                Route.get("/plugins/{id}", "One plug-in.")
                        .answers(200, PluginView.class)
                        .typed(VerbSketch.of("plugin", "show").about("Shows a plug-in."))
                        .by(call -> Answer.ok(PluginView.of(find(call)))),
                Route.post("/plugins/{id}/actions", "Takes a step of a plug-in's life cycle.")
                        .only(Role.ADMIN)
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.action("plugin", "register")
                                .about("Says that the plug-in is wanted.")
                                .only())
                        .typed(VerbSketch.action("plugin", "install")
                                .about("Has the plug-in make what it needs.")
                                .only())
                        .typed(VerbSketch.action("plugin", "run-once")
                                .alias("run_once")
                                .about("Does what is done once after installation.")
                                .only())
                        .typed(VerbSketch.action("plugin", "uninstall")
                                .about("Takes away what the plug-in made.")
                                .only("force"))
                        .by(this::act),
                Route.get("/plugins/{id}/wizard", "The questions of its wizard, and the answers given so far.")
                        .answers(200, WizardView.class)
                        .by(call -> Answer.ok(wizard(find(call).id()))),
                Route.put("/plugins/{id}/wizard", "Answers the wizard; 422 says what is wrong, by question.")
                        .takes(GivenAnswers.class)
                        .answers(200, WizardView.class)
                        .by(this::answer),
                Route.put("/plugins/{id}/wizard/draft", "Keeps answers, unchecked, for a wizard that goes on later.")
                        .takes(GivenAnswers.class)
                        .answers(200, WizardView.class)
                        .by(this::keep));
    }

    private Answer act(Call call) throws Exception {
        Action asked = call.body(Action.class);
        if (asked.force != null && asked.action != PluginAction.UNINSTALL) {
            throw QrmException.invalid("read the request", "force", "force belongs to uninstall", "Leave it out.");
        }
        return OperationView.accepted(
                services.plugins().act(find(call).id(), asked.action, Boolean.TRUE.equals(asked.force)));
    }

    private Answer answer(Call call) throws Exception {
        Map<String, String> answers = call.body(GivenAnswers.class).answers();
        String plugin = find(call).id();
        Map<String, String> errors = services.plugins().answer(plugin, answers, call.expected(WizardView::answered));
        if (errors.isEmpty()) {
            return Answer.ok(wizard(plugin));
        }
        Problem problem = new Problem(
                Problem.Kind.INVALID,
                "store the answers for plug-in",
                plugin,
                "wrong: " + String.join(", ", errors.keySet()),
                "Correct these answers; all that were given are kept as the draft.");
        throw new FieldErrors(problem, errors);
    }

    private Answer keep(Call call) throws Exception {
        Map<String, String> answers = call.body(GivenAnswers.class).answers();
        String plugin = find(call).id();
        services.plugins().keepDraft(plugin, answers);
        return Answer.ok(wizard(plugin));
    }

    private WizardView wizard(String plugin) {
        Plugins plugins = services.plugins();
        return new WizardView(
                plugins.questions(plugin).stream().map(QuestionView::of).toList(),
                plugins.answers(plugin),
                plugins.draft(plugin),
                plugins.effect(plugin));
    }

    private PluginDescription find(Call call) {
        String id = call.path("id");
        return services.plugins()
                .find(id)
                .orElseThrow(() -> QrmException.notFound("find plug-in", "plug-in", Name.printable(id)));
    }
}
