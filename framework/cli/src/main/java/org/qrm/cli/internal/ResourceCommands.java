package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.TypedAnswers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qrm resource}. */
@Command(name = "resource", description = "Machines: physical nodes, and partitions of hosts.")
final class ResourceCommands {

    private final Session session;

    ResourceCommands(Session session) {
        this.session = session;
    }

    @Command(name = "terminal", description = "Opens a shell of root on a machine, at this terminal.")
    int terminal(@Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        return new RemoteTerminal(session).run(path(resource) + "/terminals", "a shell of root on " + resource);
    }

    @Command(name = "console", description = "Opens a machine's serial console, by its BMC, at this terminal.")
    int console(@Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        return new RemoteTerminal(session).run(path(resource) + "/consoles", "the console of " + resource);
    }

    @Command(
            name = "configure",
            description = {
                "Tells a plug-in what it must know of a machine; see qrm resource settings. What is not named stays as it was.",
                "A secret is asked for when the plug-in has none, or when its NAME stands alone; or read from the input, a line for each."
            })
    int configure(
            @Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource,
            @Parameters(paramLabel = "PLUG-IN") String plugin,
            @Parameters(paramLabel = "NAME=ANSWER", arity = "0..*") List<String> answers) {
        List<TypedAnswers.Question> questions = new ArrayList<>();
        Map<String, String> before = null;
        for (JsonNode each :
                session.rest().get(path(resource) + "/settings?limit=1000").path("items")) {
            WizardQuestion question = new WizardQuestion(each);
            if (each.path("plugin").asText().equals(plugin)) {
                questions.add(new TypedAnswers.Question(
                        question.name(),
                        question.secret(),
                        each.path("required").asBoolean()));
                if (each.path("answered").asBoolean()) {
                    before = before == null ? new LinkedHashMap<>() : before;
                    if (!question.secret()) {
                        before.put(question.name(), each.path("answer").asText());
                    }
                }
            }
        }
        ObjectNode given = Rest.JSON.createObjectNode();
        TypedAnswers.of(
                        questions,
                        before,
                        answers == null ? List.of() : answers,
                        name -> SecretInput.read(session.in(), name))
                .forEach(given::put);
        session.rest().put(path(resource) + "/settings/" + Far.encoded(plugin), Wizard.body(given));
        session.screen().sentence("Resource " + resource + " is configured for plug-in " + plugin + ".");
        return 0;
    }

    static String path(String resource) {
        return "/resources/" + Far.encoded(resource);
    }
}
