package org.qrm.core.plugin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.qrm.api.HostAddress;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.Question;
import org.qrm.api.storage.StoragePath;

/** Fills and checks answers by the types of their questions. */
public final class AnswerCheck {

    private static final int LONGEST = 2000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    private final Map<String, String> answers = new LinkedHashMap<>();
    private final Map<String, String> problems = new LinkedHashMap<>();

    /**
     * Checks.
     *
     * @param asked for what, and by whom
     * @param given answers to some of the questions
     * @param before accepted earlier; a secret left out stays what it was
     * @throws QrmException INVALID for an answer to no question
     */
    public AnswerCheck(Asked asked, List<Question> questions, Map<String, String> given, Map<String, Answer> before) {
        refuseStrangers(asked, questions, given);
        for (Question question : questions) {
            String name = question.name();
            String answer = fill(question, given.get(name), before.get(name));
            answers.put(name, answer);
            lost(question, given.get(name), before.get(name))
                    .or(() -> problem(asked, question, answer))
                    .ifPresent(reason -> problems.put(name, reason));
        }
    }

    /**
     * Who asks, for a refusal.
     *
     * @param attempted what the answers are given for: {@code configure plug-in}
     * @param subject of it
     * @param who asks the questions: {@code its wizard}
     * @param configuration whether the answers become a configuration
     */
    public record Asked(String attempted, String subject, String who, boolean configuration) {

        static Asked byWizard(String plugin) {
            return new Asked("configure plug-in", plugin, "its wizard", true);
        }
    }

    /** By question name, complete. */
    public Map<String, String> answers() {
        return answers;
    }

    /** What is wrong, by question name. */
    public Map<String, String> problems() {
        return problems;
    }

    /**
     * What may be kept of answers that are not checked yet.
     *
     * @throws QrmException INVALID for an answer to no question, or one that is too long
     */
    static Map<String, String> draft(String plugin, List<Question> questions, Map<String, String> given) {
        refuseStrangers(Asked.byWizard(plugin), questions, given);
        Map<String, String> kept = new LinkedHashMap<>();
        for (Question question : questions) {
            String answer = given.get(question.name());
            if (answer == null || question.type() == Question.Type.SECRET) {
                continue;
            }
            if (answer.length() > LONGEST || answer.indexOf(0) >= 0) {
                throw QrmException.invalid(
                        "keep answers for plug-in",
                        plugin,
                        question.name() + " is too long",
                        "At most " + LONGEST + " characters.");
            }
            kept.put(question.name(), answer);
        }
        return kept;
    }

    private static void refuseStrangers(Asked asked, List<Question> questions, Map<String, String> given) {
        List<String> names = questions.stream().map(Question::name).toList();
        given.keySet().stream()
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(stranger -> {
                    throw QrmException.invalid(
                            asked.attempted,
                            asked.subject,
                            asked.who + " does not ask for \"" + Name.printable(stranger) + "\"",
                            "It asks for " + String.join(", ", names) + ".");
                });
    }

    private static String fill(Question question, String given, Answer before) {
        if (question.type() == Question.Type.SECRET) {
            return given != null ? given : before != null ? before.text() : question.defaultAnswer();
        }
        String answer = (given != null ? given : question.defaultAnswer()).strip();
        return question.type() == Question.Type.BOOLEAN ? answer.toLowerCase(Locale.ROOT) : answer;
    }

    /** What cannot be taken over is not replaced by a default. */
    private static Optional<String> lost(Question question, String given, Answer before) {
        boolean lost =
                question.type() == Question.Type.SECRET && given == null && before != null && !before.isReadable();
        return lost ? Optional.of("Answer it again: " + before.unreadable()) : Optional.empty();
    }

    private static Optional<String> problem(Asked asked, Question question, String answer) {
        if (answer.isEmpty()) {
            return question.required() ? Optional.of("An answer is needed.") : Optional.empty();
        }
        if (answer.length() > LONGEST
                || answer.indexOf('\n') >= 0
                || !answer.codePoints().allMatch(Name::isShown)) {
            return Optional.of("At most " + LONGEST + " characters, no control or format characters.");
        }
        if (asked.configuration && answer.contains("$[")) {
            return Optional.of("\"$[\" is not possible in an answer: configurations take it for a reference.");
        }
        return byType(question, answer);
    }

    private static Optional<String> byType(Question question, String answer) {
        return switch (question.type()) {
            case TEXT, SECRET -> Optional.empty();
            case NAME ->
                unless(
                        NAME.matcher(answer).matches(),
                        "1 to 63 letters, digits, '.', '_' and '-', starting with a letter or digit.");
            case INTEGER -> unless(INTEGER.matcher(answer).matches(), "A whole number.");
            case BOOLEAN -> unless(answer.equals("true") || answer.equals("false"), "true or false.");
            case IPV4 -> unless(HostAddress.isIpv4(answer), "An IPv4 address like 192.168.1.5.");
            case PATH ->
                unless(
                        StoragePath.isOne(answer),
                        "An absolute path like /diskimages/web1: letters, digits and . _ + @ -, no part that begins with a dot.");
            case CHOICE ->
                unless(question.choices().contains(answer), "One of " + String.join(", ", question.choices()) + ".");
        };
    }

    private static Optional<String> unless(boolean good, String reason) {
        return good ? Optional.empty() : Optional.of(reason);
    }
}
