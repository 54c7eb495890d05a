package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A question of a plug-in's wizard, and what can be said of an answer without the server, which looks again, and further. */
public record WizardQuestion(JsonNode question) {

    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    public String name() {
        return question.path("name").asText();
    }

    public String text() {
        return question.path("text").asText();
    }

    public boolean secret() {
        return question.path("type").asText().equals("secret");
    }

    /** What is proposed to who never answered. */
    public String proposal() {
        return question.path("defaultAnswer").asText("");
    }

    public List<String> choices() {
        List<String> choices = new ArrayList<>();
        question.path("choices").forEach(choice -> choices.add(choice.asText()));
        return choices;
    }

    /** A choice as it is spelt, however it was typed. */
    public String spelt(String answer) {
        Optional<String> choice =
                choices().stream().filter(answer::equalsIgnoreCase).findFirst();
        return choice.orElse(answer);
    }

    /** What is wrong with an answer, empty if nothing is. */
    public String wrong(String answer) {
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
            case "choice" -> choices().contains(answer) ? "" : "Choose one of those named.";
            default -> "";
        };
    }

    /** For a table: the type, or the choices. */
    static String kind(JsonNode question) {
        List<String> choices = new WizardQuestion(question).choices();
        return choices.isEmpty() ? question.path("type").asText() : String.join("|", choices);
    }

    /** For a table: the answer given so far. */
    static String shown(JsonNode question, JsonNode answers) {
        return new WizardQuestion(question).secret()
                ? ""
                : answers.path(question.path("name").asText()).asText("");
    }
}
