package org.qrm.commands;

import java.util.Arrays;
import java.util.List;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;

/**
 * A parameter of the query.
 *
 * @param name as in the address
 * @param type String, Integer, Long, Boolean or an enumeration
 * @param about what it does, for people
 * @param fallback its value when it is absent, or null
 * @param needed whether it must be there
 */
public record QueryParameter<T>(String name, Class<T> type, String about, T fallback, boolean needed) {

    private static final int LONGEST = 1000;

    public static <T> QueryParameter<T> of(String name, Class<T> type, String about) {
        return new QueryParameter<>(name, type, about, null, false);
    }

    public static <T> QueryParameter<T> needed(String name, Class<T> type, String about) {
        return new QueryParameter<>(name, type, about, null, true);
    }

    public static <T> QueryParameter<T> withFallback(String name, Class<T> type, String about, T fallback) {
        return new QueryParameter<>(name, type, about, fallback, false);
    }

    /** In which order; the first of the fields unless given. */
    public static <F extends Enum<F>> QueryParameter<String> sort(Class<F> fields) {
        List<String> names = Sort.names(fields);
        return withFallback(
                "sort",
                String.class,
                "by which field: " + String.join(", ", names) + "; with - in front, the greatest first",
                names.get(0));
    }

    T read(String text) {
        if (text.length() > LONGEST) {
            throw malformed(text, "it is longer than " + LONGEST + " characters");
        }
        return type.cast(value(text));
    }

    private Object value(String text) {
        if (type == String.class) {
            return text;
        }
        if (type == Boolean.class) {
            return bool(text);
        }
        if (type.isEnum()) {
            return constant(text);
        }
        try {
            return type == Integer.class ? (Object) Integer.valueOf(text) : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw malformed(text, "it is no whole number of that size");
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
        return QrmException.invalid(
                "read query parameter " + name, Name.printable(text), reason, "Correct or leave out the parameter.");
    }
}
