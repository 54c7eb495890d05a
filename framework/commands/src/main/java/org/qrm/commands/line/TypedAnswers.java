package org.qrm.commands.line;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers as they are typed: {@code NAME=ANSWER}, or the NAME alone of a secret, which is kept out of what is typed and asked for. */
public final class TypedAnswers {

    private TypedAnswers() {}

    /** What is asked. */
    public record Question(String name, boolean secret, boolean required) {}

    /**
     * Asks for a secret.
     *
     * @param <E> what goes wrong while it is typed
     */
    @FunctionalInterface
    public interface Prompt<E extends Exception> {
        String ask(String name) throws E;
    }

    /**
     * What is to be sent: what was typed, and of the rest what was answered before. Secrets that are needed and were never answered are
     * asked for, too.
     *
     * @param before what was answered, secrets left out; null when nothing was
     * @param typed words
     * @throws Failure USAGE
     */
    public static <E extends Exception> Map<String, String> of(
            List<Question> questions, Map<String, String> before, List<String> typed, Prompt<E> prompt) throws E {
        Map<String, String> given = new LinkedHashMap<>(before == null ? Map.of() : before);
        for (String word : typed) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            boolean secret = questions.stream().anyMatch(each -> each.secret && each.name.equals(name));
            if (secret != equals < 0) {
                throw Failure.usage(
                        secret
                                ? name + " is a secret, and stays off the command line: write " + name
                                        + " alone, and answer when it is asked for."
                                : "What is " + name + "? Write " + name + "=ANSWER.");
            }
            given.put(name, secret ? prompt.ask(name) : word.substring(equals + 1));
        }
        for (Question each : questions) {
            if (before == null && each.secret && each.required && !given.containsKey(each.name)) {
                given.put(each.name, prompt.ask(each.name));
            }
        }
        return given;
    }
}
