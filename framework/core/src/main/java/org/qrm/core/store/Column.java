package org.qrm.core.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.qrm.api.Name;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;

/**
 * What a table has for a field of a list. Lists are sorted only by columns that are never null.
 *
 * @param name in SQL; null for a condition that no list is sorted by
 * @param number whether it holds whole numbers; else texts
 * @param value of a row
 * @param rows those that are let through, by what they are compared with
 */
public record Column<T>(String name, boolean number, Function<T, Object> value, Function<Object, Rows> rows) {

    /**
     * Rows of the table.
     *
     * @param condition with {@code :value} where it compares
     * @param bound what with, in SQL; null where it does not
     */
    public record Rows(String condition, Object bound) {}

    /** Those of one condition, with what is asked for as SQL has it. */
    static Function<Object, Rows> rows(String condition, Function<Object, Object> bound) {
        return wanted -> new Rows(condition, bound.apply(wanted));
    }

    /** Of texts; a filter lets through what is equal. */
    public static <T> Column<T> text(String name, Function<T, Object> value) {
        return new Column<>(name, false, value, rows(name + " = :value", Column::plain));
    }

    /** Of whole numbers; a filter lets through what is equal. */
    public static <T> Column<T> number(String name, Function<T, Object> value) {
        return new Column<>(name, true, value, rows(name + " = :value", Column::plain));
    }

    /** The same; a filter lets through what is as great or greater. */
    public static <T> Column<T> atLeast(String name, Function<T, Object> value) {
        return new Column<>(name, true, value, rows(name + " >= :value", Column::plain));
    }

    /** A filter alone. */
    public static <T> Column<T> only(String condition) {
        return filter(rows(condition, Column::plain));
    }

    /** A filter by a condition: what meets it, or what does not. */
    public static <T> Column<T> onlyIf(String condition) {
        return filter(rows(
                "case when " + condition + " then 1 else 0 end = :value",
                wanted -> Boolean.TRUE.equals(wanted) ? 1 : 0));
    }

    /** A filter that lets through what has a text in one of these columns, in small letters or great ones. */
    public static <T> Column<T> contains(String... names) {
        String condition = Arrays.stream(names)
                .map(name -> "lower(" + name + ") like :value escape '!'")
                .collect(Collectors.joining(" or ", "(", ")"));
        return filter(rows(condition, text -> "%" + escaped(text.toString().toLowerCase(Locale.ROOT)) + "%"));
    }

    /** The same with the condition inside another. */
    public Column<T> within(String before, String after) {
        return new Column<>(name, number, value, wanted -> {
            Rows inner = rows.apply(wanted);
            return new Rows(before + inner.condition() + after, inner.bound());
        });
    }

    /** The same of rows that have that item. */
    public <S> Column<S> of(Function<S, T> item) {
        return new Column<>(name, number, value == null ? null : item.andThen(value), rows);
    }

    /** A filter that lets through what has a tag. */
    public static <T> Column<T> tag(String name) {
        return filter(rows(name + " like :value escape '!'", text -> Tags.pattern(Tag.parse("list", text.toString()))));
    }

    /** A filter that lets through a group. */
    public static <T> Column<T> group(Groupings groupings) {
        return filter(group -> groupings.rows(group.toString()));
    }

    private static <T> Column<T> filter(Function<Object, Rows> rows) {
        return new Column<>(null, false, null, rows);
    }

    /** Itself in a pattern with {@code escape '!'}. */
    static String escaped(String text) {
        return text.replaceAll("[!%_]", "!$0");
    }

    private static Object plain(Object value) {
        if (value instanceof Instant time) {
            return millis(time);
        }
        return value instanceof Enum<?> constant ? constant.name() : value;
    }

    /** As times are stored: milliseconds since 1970. What is farther than that can tell is the first or the last of all. */
    public static long millis(Instant time) {
        if (time.isBefore(Instant.ofEpochMilli(Long.MIN_VALUE))) {
            return Long.MIN_VALUE;
        }
        return time.isAfter(Instant.ofEpochMilli(Long.MAX_VALUE)) ? Long.MAX_VALUE : time.toEpochMilli();
    }

    /** The same with constants by their places. */
    public Column<T> byPlace() {
        return new Column<>(name, number, value, constant -> rows.apply(((Enum<?>) constant).ordinal()));
    }

    Object read(PageRequest page, String text) {
        try {
            return number ? (Object) Long.valueOf(text) : text;
        } catch (NumberFormatException e) {
            throw malformed(page);
        }
    }

    static QrmException malformed(PageRequest page) {
        return QrmException.invalid(
                "list",
                Name.printable(page.after()),
                "that is no cursor of a list in this order",
                "Pass on \"next\" of the page before, with the same order.");
    }
}
