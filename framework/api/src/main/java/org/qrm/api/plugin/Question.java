package org.qrm.api.plugin;

import java.util.List;
import java.util.Objects;

/**
 * A question of a configuration wizard.
 *
 * @param name key of the answer: {@code storageServerPath}
 * @param text the question, for people
 * @param type what the answer is
 * @param defaultAnswer proposed, may be empty
 * @param required whether it may stay empty
 * @param choices for CHOICE, else empty
 */
public record Question(
        String name, String text, Type type, String defaultAnswer, boolean required, List<String> choices) {

    /** What an answer is. */
    public enum Type {
        TEXT,
        NAME,
        INTEGER,
        BOOLEAN,
        IPV4,
        PATH,
        CHOICE,
        /** Never shown, logged or answered again. */
        SECRET
    }

    public Question {
        Objects.requireNonNull(name);
        Objects.requireNonNull(text);
        Objects.requireNonNull(type);
        Objects.requireNonNull(defaultAnswer);
        choices = List.copyOf(choices);
    }
}
