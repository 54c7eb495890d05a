package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
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
        Map<String, JsonNode> questions = questions(resource, plugin);
        ObjectNode given = Rest.JSON.createObjectNode();
        questions.forEach((name, question) -> {
            if (question.path("answered").asBoolean() && !isSecret(question)) {
                given.put(name, question.path("answer").asText());
            }
        });
        for (String answer : answers == null ? List.<String>of() : answers) {
            int equals = answer.indexOf('=');
            String name = equals < 0 ? answer : answer.substring(0, equals);
            if (isSecret(questions.get(name)) != equals < 0) {
                throw Failure.usage(
                        equals < 0
                                ? "What is " + name + "? Write " + name + "=ANSWER."
                                : name + " is a secret, and stays off the command line: write " + name
                                        + " alone, and answer when it is asked for.");
            }
            given.put(name, equals < 0 ? SecretInput.read(session.in(), name) : answer.substring(equals + 1));
        }
        questions.forEach((name, question) -> {
            boolean missing = isSecret(question)
                    && question.path("required").asBoolean()
                    && !question.path("answered").asBoolean();
            if (missing && !given.has(name)) {
                given.put(name, SecretInput.read(session.in(), name));
            }
        });
        session.rest().put(path(resource) + "/settings/" + Far.encoded(plugin), Wizard.body(given));
        session.screen().sentence("Resource " + resource + " is configured for plug-in " + plugin + ".");
        return 0;
    }

    private static boolean isSecret(JsonNode question) {
        return question != null && new WizardQuestion(question).secret();
    }

    private Map<String, JsonNode> questions(String resource, String plugin) {
        Map<String, JsonNode> questions = new LinkedHashMap<>();
        session.rest()
                .get(path(resource) + "/settings?limit=1000")
                .path("items")
                .forEach(each -> {
                    if (each.path("plugin").asText().equals(plugin)) {
                        questions.put(each.path("name").asText(), each);
                    }
                });
        return questions;
    }

    static String path(String resource) {
        return "/resources/" + Far.encoded(resource);
    }
}
