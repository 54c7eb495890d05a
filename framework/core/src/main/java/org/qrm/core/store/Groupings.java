package org.qrm.core.store;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qrm.api.ListGroup;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.core.store.Column.Rows;

/**
 * By what the rows of a table are put into groups: by columns, and by each name of a tag. A group is said as {@code state:idle},
 * {@code tag:rack:7}, or {@code tag:rack} for the rows that have none.
 *
 * @param columns what a group by a column is called, and the column
 */
public record Groupings(List<By> columns) {

    private static final String ATTEMPT = "group the list";
    private static final String TAG = "tag:";
    private static final String TAGS = "tags";
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final int LONGEST = 200;

    /** {@code r2} stands before {@code r10}. */
    private static final Comparator<String> ORDER =
            Comparator.comparing(Groupings::padded).thenComparing(Comparator.naturalOrder());

    /**
     * By one thing.
     *
     * @param word as people say it: {@code state}, {@code tag:rack}
     * @param column that tells it
     * @param value what a row with that in the column has; null for none
     * @param rows those that have a value, or null for none
     */
    public record By(String word, String column, Function<String, String> value, Function<String, Rows> rows) {

        /** Constants, which every row has. */
        public static By constants(String word, String column) {
            return new By(
                    word,
                    column,
                    text -> text.toLowerCase(Locale.ROOT).replace('_', '-'),
                    value -> value == null
                            ? new Rows("1 = 0", null)
                            : new Rows(
                                    column + " = :value",
                                    value.toUpperCase(Locale.ROOT).replace('-', '_')));
        }

        /** Texts; an empty one is none. */
        public static By texts(String word, String column) {
            return new By(
                    word,
                    column,
                    text -> text.isEmpty() ? null : text,
                    value -> value == null
                            ? new Rows("(" + column + " is null or " + column + " = '')", null)
                            : new Rows(column + " = :value", value));
        }

        /** Whole numbers. */
        public static By numbers(String word, String column) {
            return new By(
                    word,
                    column,
                    text -> text,
                    value -> value == null
                            ? new Rows(column + " is null", null)
                            : new Rows(column + " = :value", number(word, value)));
        }

        private static By tag(String name) {
            return new By(
                    TAG + name,
                    TAGS,
                    tags -> Tags.read(tags).stream()
                            .filter(tag -> tag.name().equals(name))
                            .map(Tag::value)
                            .findFirst()
                            .orElse(null),
                    value -> value == null
                            ? new Rows(TAGS + " not like :value escape '!'", Tags.pattern(new Tag(name, "")))
                            : new Rows(TAGS + " like :value escape '!'", Tags.exactly(new Tag(name, value))));
        }

        /** What the database has counted, by what stands in the column; in the order of their values, those without one last. */
        List<ListGroup> groups(Map<String, Long> counted) {
            return counted.entrySet().stream()
                    .collect(Collectors.groupingBy(
                            each -> Optional.ofNullable(valueOf(each.getKey())),
                            Collectors.summingLong(Map.Entry::getValue)))
                    .entrySet()
                    .stream()
                    .map(each -> groupOf(each.getKey().orElse(null), each.getValue()))
                    .sorted(Comparator.comparing(ListGroup::value, Comparator.nullsLast(ORDER)))
                    .toList();
        }

        private String valueOf(String told) {
            return told == null ? null : value.apply(told);
        }

        private ListGroup groupOf(String what, long number) {
            return new ListGroup(what == null ? word : word + ":" + what, what, number);
        }
    }

    public Groupings {
        columns = List.copyOf(columns);
    }

    /** @throws QrmException INVALID for a text that says no group */
    Rows rows(String group) {
        int colon = group.indexOf(':', group.startsWith(TAG) ? TAG.length() : 0);
        return colon < 0
                ? by(group).rows().apply(null)
                : by(group.substring(0, colon)).rows().apply(group.substring(colon + 1));
    }

    /** @throws QrmException INVALID for a word by which nothing is grouped */
    By by(String word) {
        if (word.startsWith(TAG)) {
            return By.tag(tagName(word.substring(TAG.length())));
        }
        return columns.stream()
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> QrmException.invalid(
                        ATTEMPT,
                        Name.printable(word),
                        "nothing is grouped by that",
                        "Group by one of "
                                + Stream.concat(columns.stream().map(By::word), Stream.of("tag:NAME"))
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    private static String tagName(String text) {
        if (text.indexOf('=') >= 0) {
            throw QrmException.invalid(
                    ATTEMPT, Name.printable(text), "that is no name of a tag", "Write tag:NAME, or tag:NAME:VALUE.");
        }
        return Tag.parse(ATTEMPT, text).name();
    }

    private static Long number(String word, String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw QrmException.invalid(
                    ATTEMPT,
                    Name.printable(word + ":" + text),
                    "that is no number",
                    "Write the number of a " + word + ".");
        }
    }

    private static String padded(String value) {
        return NUMBER.matcher(value)
                .replaceAll(number ->
                        "0".repeat(Math.max(0, LONGEST - number.group().length())) + number.group());
    }
}
