package org.qrm.core.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandField;

/** Holds what is given to commands, and what they answer, against their description. */
final class CommandCheck {

    private static final int MOST_ITEMS = 1000;
    private static final int LONGEST = 4096;

    private CommandCheck() {}

    /** What a command answered, with the fields of its description, in that order. */
    static CommandAnswer checked(String words, CommandDescription description, CommandAnswer answer) {
        if (answer == null) {
            throw useless(words, "it answered nothing");
        }
        boolean hasNoFields = description.output().isEmpty();
        int count = answer.items().size();
        boolean fits = description.isList() ? count <= MOST_ITEMS : hasNoFields || count == 1;
        if (!fits) {
            throw useless(words, "it answered " + count + " things");
        }
        if (hasNoFields) {
            return CommandAnswer.NOTHING;
        }
        List<Map<String, Object>> items = answer.items().stream()
                .map(item -> fields(words, description.output(), item))
                .toList();
        return CommandAnswer.list(items);
    }

    private static Map<String, Object> fields(String words, List<CommandField> known, Map<String, Object> item) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (CommandField field : known) {
            Object value = value(item, field);
            if (value == null && !field.isOptional() || value != null && !fits(field, value)) {
                throw useless(words, "its answer has a useless " + field.name());
            }
            fields.put(field.name(), value);
        }
        return fields;
    }

    /** @throws QrmException INVALID */
    static Map<String, Object> input(String words, CommandDescription description, Map<String, Object> given) {
        Map<String, Object> input = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (description.input().stream().noneMatch(field -> field.name().equals(name))) {
                String known = String.join(
                        ", ",
                        description.input().stream().map(CommandField::name).toList());
                throw QrmException.invalid(
                        words,
                        Name.printable(name),
                        "there is no such field",
                        known.isEmpty() ? "It takes none." : "Fields are: " + known + ".");
            }
        });
        for (CommandField field : description.input()) {
            Object value = value(given, field);
            if (value == null && field.isOptional()) {
                continue;
            }
            if (value == null) {
                throw QrmException.invalid(words, field.name(), "this field is missing", "Give it a value.");
            }
            if (!fits(field, value)) {
                throw QrmException.invalid(
                        words,
                        field.name(),
                        field.words().isEmpty()
                                ? "it is no " + field.type().name().toLowerCase(java.util.Locale.ROOT)
                                : "it is none of " + String.join(", ", field.words()),
                        "Correct it.");
            }
            input.put(field.name(), value);
        }
        return input;
    }

    /** Whole numbers in one size; null for a field that is not there. */
    private static Object value(Map<String, Object> from, CommandField field) {
        Object value = from.get(field.name());
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    private static boolean fits(CommandField field, Object value) {
        return switch (field.type()) {
            case TEXT ->
                value instanceof String text
                        && text.length() <= LONGEST
                        && (field.words().isEmpty() || field.words().contains(text));
            case NUMBER -> value instanceof Long;
            case FLAG -> value instanceof Boolean;
        };
    }

    private static QrmException useless(String words, String reason) {
        return QrmException.failed("carry out", words, reason, "Update the plug-in; this is a fault of it.", null);
    }
}
