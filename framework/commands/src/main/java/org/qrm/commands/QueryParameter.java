package org.qrm.commands;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.command.CommandField;

/**
 * A parameter of the query.
 *
 * @param name as in the address
 * @param type String, Integer, Long, Boolean, Instant or an enumeration
 * @param about what it does, for people
 * @param fallback its value when it is absent, or null
 * @param needed whether it must be there
 * @param words those that it may be; empty for any of its type
 */
public record QueryParameter<T>(
        String name, Class<T> type, String about, T fallback, boolean needed, List<String> words) {

    private static final int LONGEST = 1000;
    private static final String SORT = "sort";

    public static <T> QueryParameter<T> of(String name, Class<T> type, String about) {
        return new QueryParameter<>(name, type, about, null, false, words(type));
    }

    public static <T> QueryParameter<T> needed(String name, Class<T> type, String about) {
        return new QueryParameter<>(name, type, about, null, true, words(type));
    }

    public static <T> QueryParameter<T> withFallback(String name, Class<T> type, String about, T fallback) {
        return new QueryParameter<>(name, type, about, fallback, false, words(type));
    }

    /** As a plug-in says it. */
    public static QueryParameter<?> of(CommandField field) {
        Class<?> type = type(field);
        return new QueryParameter<>(field.name(), type, field.about(), null, !field.isOptional(), field.words());
    }

    private static Class<?> type(CommandField field) {
        return switch (field.type()) {
            case NUMBER -> Long.class;
            case FLAG -> Boolean.class;
            default -> String.class;
        };
    }

    /** In which order. */
    static QueryParameter<String> sort(List<String> names, String fallback) {
        String about = "by which field: " + String.join(", ", names) + "; with - in front, the greatest first";
        List<String> words =
                names.stream().flatMap(name -> Stream.of(name, "-" + name)).toList();
        return new QueryParameter<>(SORT, String.class, about, fallback, false, words);
    }

    private static List<String> words(Class<?> type) {
        return type.isEnum() ? Words.all(type) : List.of();
    }

    T read(String text) {
        if (text.length() > LONGEST) {
            throw malformed(text, "it is longer than " + LONGEST + " characters");
        }
        return type.cast(value(text));
    }

    private Object value(String text) {
        if (type == String.class) {
            return wordOf(text);
        }
        if (type == Boolean.class) {
            return bool(text);
        }
        if (type.isEnum()) {
            return constant(text);
        }
        if (type == Instant.class) {
            return time(name, text);
        }
        try {
            return type == Integer.class ? (Object) Integer.valueOf(text) : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw malformed(text, "it is no whole number of that size");
        }
    }

    /** An order is more than a word, and read by who sorts. */
    private Object wordOf(String text) {
        if (!words.isEmpty() && !words.contains(text) && !name.equals(SORT)) {
            throw malformed(text, "it is none of " + String.join(", ", words));
        }
        return text;
    }

    /** @throws QrmException kind INVALID for what is no time */
    public static Instant time(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw malformed(name, text, "it is no time in UTC, as 2026-01-31T12:00:00Z is");
        }
    }

    private Object bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed(text, "it is neither true nor false");
        };
    }

    private Object constant(String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> Words.of((Enum<?>) constant).equals(text))
                .findFirst()
                .orElseThrow(() -> malformed(text, "it is none of " + String.join(", ", Words.all(type))));
    }

    private QrmException malformed(String text, String reason) {
        return malformed(name, text, reason);
    }

    private static QrmException malformed(String name, String text, String reason) {
        return QrmException.invalid(
                "read query parameter " + name, Name.printable(text), reason, "Correct or leave out the parameter.");
    }
}
