package org.qrm.commands.noun;

import java.util.List;
import java.util.Map;
import org.qrm.api.Problem;
import org.qrm.api.plugin.Question;
import org.qrm.api.settings.ObjectAnswers;
import org.qrm.api.settings.ObjectKind;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.FieldErrors;
import org.qrm.commands.GivenAnswers;
import org.qrm.commands.Items;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** What plug-ins must know of a machine. */
public final class ResourceSettingPaths implements Paths {

    private static final String OF_PLUGIN = "/resources/{id}/settings/{plugin}";

    private final ApiServices services;

    record SettingView(
            @About("the plug-in that asks") String plugin,
            @About("key of the answer") String name,
            @About("the question, for people") String text,
            @About("what the answer is") Question.Type type,
            @About("proposed, may be empty") String defaultAnswer,
            @About("whether it must be answered") boolean required,
            @About("for a choice, else empty") List<String> choices,
            @About("whether the plug-in was answered") boolean answered,
            @About("what was answered; empty for a secret") String answer) {

        static List<SettingView> of(ObjectAnswers of) {
            return of.questions().stream()
                    .map(question -> new SettingView(
                            of.plugin(),
                            question.name(),
                            question.text(),
                            question.type(),
                            question.defaultAnswer(),
                            question.required(),
                            question.choices(),
                            of.answered(),
                            of.answers().getOrDefault(question.name(), "")))
                    .toList();
        }
    }

    public ResourceSettingPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/resources/{id}/settings", "What plug-ins must know of a machine, and what was answered.")
                        .paged()
                        .answersListOf(SettingView.class)
                        .typed(VerbSketch.of("resource", "settings")
                                .about("Tells what plug-ins must know of a machine, and what was answered.")
                                .columns("plugin", "name", "type", "required", "answered", "answer", "QUESTION=text"))
                        .by(this::list),
                Route.put(
                                OF_PLUGIN,
                                "Answers what a plug-in must know of a machine; 422 says what is wrong, by question.")
                        .takes(GivenAnswers.class)
                        .secret()
                        .answers(204, Content.NOTHING)
                        .by(this::answer),
                Route.delete(OF_PLUGIN, "Forgets what a plug-in was answered about a machine.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("resource", "unconfigure")
                                .names("plugin", "plugin")
                                .done("Plug-in {plugin} knows nothing of resource {id} any longer."))
                        .by(call -> {
                            services.objectSettings().clear(ObjectKind.RESOURCE, id(call), call.path("plugin"));
                            return Answer.NO_CONTENT;
                        }));
    }

    private Answer list(Call call) {
        List<SettingView> all = services.objectSettings().list(ObjectKind.RESOURCE, id(call)).stream()
                .flatMap(of -> SettingView.of(of).stream())
                .toList();
        return Answer.ok(Items.of(all, call.page(), view -> view));
    }

    private Answer answer(Call call) throws Exception {
        String plugin = call.path("plugin");
        Map<String, String> answers = call.body(GivenAnswers.class).answers();
        Map<String, String> errors = services.objectSettings().set(ObjectKind.RESOURCE, id(call), plugin, answers);
        if (errors.isEmpty()) {
            return Answer.NO_CONTENT;
        }
        Problem problem = new Problem(
                Problem.Kind.INVALID,
                "configure resource",
                call.path("id"),
                "wrong: " + String.join(", ", errors.keySet()),
                "Correct these answers; nothing was stored.");
        throw new FieldErrors(problem, errors);
    }

    private String id(Call call) {
        return String.valueOf(ResourceLookup.find(services, call.path("id")).id());
    }
}
