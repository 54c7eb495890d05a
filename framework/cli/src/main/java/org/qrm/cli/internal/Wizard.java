package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Asks the questions of a plug-in's wizard, one line each, until the server takes the answers. */
final class Wizard {

    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Session session;

    Wizard(Session session) {
        this.session = session;
    }

    /** Returns the exit status. */
    int run(String plugin) {
        String path = PluginCommands.path(plugin) + "/wizard";
        JsonNode wizard = session.rest().get(path);
        if (wizard.path("questions").isEmpty()) {
            session.screen().sentence("Plug-in " + plugin + " asks nothing.");
            return 0;
        }
        ObjectNode before = before(wizard);
        ObjectNode answers = Rest.JSON.createObjectNode();
        // whoever is interrupted goes on where he was
        ObjectNode draft = given(wizard, "draft");
        for (JsonNode question : wizard.path("questions")) {
            String name = question.path("name").asText();
            String answer = ask(question, before.path(name).asText(""));
            if (!answer.isEmpty() || !secret(question)) {
                answers.put(name, answer);
            }
            if (!secret(question)) {
                draft.put(name, answer);
                session.rest().put(path + "/draft", body(draft));
            }
        }
        while (true) {
            try {
                session.rest().put(path, body(answers));
                session.screen().sentence("Plug-in " + plugin + " is configured.");
                return 0;
            } catch (Failure refused) {
                if (refused.status() != Failure.USAGE || !askAgain(wizard, refused.getMessage(), answers)) {
                    throw refused;
                }
            }
        }
    }

    /** What was answered before, and is not answered anew. */
    static ObjectNode before(JsonNode wizard) {
        ObjectNode before = given(wizard, "answers");
        before.setAll(given(wizard, "draft"));
        return before;
    }

    private static ObjectNode given(JsonNode wizard, String which) {
        ObjectNode given = Rest.JSON.createObjectNode();
        wizard.path(which).properties().forEach(each -> given.set(each.getKey(), each.getValue()));
        return given;
    }

    /** The body of the request that carries answers. */
    static ObjectNode body(ObjectNode answers) {
        ObjectNode body = Rest.JSON.createObjectNode();
        body.set("answers", answers);
        return body;
    }

    /** Asks those questions again that the refusal names. */
    private boolean askAgain(JsonNode wizard, String refusal, ObjectNode answers) {
        session.out().println(refusal);
        boolean asked = false;
        for (JsonNode question : wizard.path("questions")) {
            String name = question.path("name").asText();
            if (refusal.contains("\n  " + name + ": ")) {
                answers.put(name, ask(question, answers.path(name).asText("")));
                asked = true;
            }
        }
        return asked;
    }

    private String ask(JsonNode question, String before) {
        String proposed = before.isEmpty() ? question.path("defaultAnswer").asText("") : before;
        while (true) {
            String typed = read(question, proposed);
            String answer = typed.isEmpty() ? proposed : typed.equals("-") ? "" : typed;
            String wrong = wrong(question, answer);
            if (wrong.isEmpty()) {
                return answer;
            }
            session.out().println("  " + wrong);
        }
    }

    private String read(JsonNode question, String proposed) {
        List<String> choices = new ArrayList<>();
        question.path("choices").forEach(choice -> choices.add(choice.asText()));
        String prompt = question.path("text").asText()
                + (choices.isEmpty() ? "" : " (" + String.join(", ", choices) + ")")
                + (proposed.isEmpty() || secret(question) ? "" : " [" + proposed + "]") + ": ";
        Console console = System.console();
        if (secret(question) && console != null) {
            char[] typed = console.readPassword("%s", prompt);
            return typed == null ? "" : new String(typed);
        }
        session.out().print(prompt);
        session.out().flush();
        try {
            String line = session.in().readLine();
            if (line == null) {
                throw Failure.usage("\nNo answer to \"" + question.path("text").asText() + "\": the input has ended."
                        + " The answers before it are kept: the wizard proposes them next time.");
            }
            return line.strip();
        } catch (IOException e) {
            throw Failure.usage("Cannot read the answer: " + e.getMessage());
        }
    }

    /** What can be said without the server; it looks again, and further. */
    private static String wrong(JsonNode question, String answer) {
        if (answer.isEmpty()) {
            return question.path("required").asBoolean() ? "An answer is needed." : "";
        }
        return switch (question.path("type").asText()) {
            case "ipv4" -> IPV4.matcher(answer).matches() ? "" : "That is no IPv4 address.";
            case "name" ->
                NAME.matcher(answer).matches()
                        ? ""
                        : "Use 1 to 63 letters, digits, '.', '_' and '-', starting with a letter or digit.";
            case "integer" -> answer.matches("-?[0-9]{1,18}") ? "" : "That is no whole number.";
            case "boolean" -> answer.matches("true|false") ? "" : "Say true or false.";
            case "path" -> answer.startsWith("/") ? "" : "A path starts with /.";
            case "choice" -> contains(question.path("choices"), answer) ? "" : "Choose one of those named.";
            default -> "";
        };
    }

    private static boolean contains(JsonNode choices, String answer) {
        for (JsonNode choice : choices) {
            if (choice.asText().equals(answer)) {
                return true;
            }
        }
        return false;
    }

    private static boolean secret(JsonNode question) {
        return question.path("type").asText().equals("secret");
    }
}
