package org.qrm.api;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * In which order a list is wanted; equals stand in the order of their keys.
 *
 * @param by the field
 * @param descending the greatest first
 */
public record Sort<F extends Enum<F> & ListField>(F by, boolean descending) {

    /** @throws IllegalArgumentException for a field that no list is sorted by */
    public Sort {
        if (!by.use().sorted()) {
            throw new IllegalArgumentException("no list is sorted by " + by);
        }
    }

    /** The smallest first. */
    public static <F extends Enum<F> & ListField> Sort<F> by(F field) {
        return new Sort<>(field, false);
    }

    /** The greatest first. */
    public static <F extends Enum<F> & ListField> Sort<F> from(F field) {
        return new Sort<>(field, true);
    }

    /**
     * Reads {@code memoryMb}, or {@code -memoryMb} for the greatest first.
     *
     * @throws QrmException INVALID for a field that is not sorted by, with those that are
     */
    public static <F extends Enum<F> & ListField> Sort<F> parse(Class<F> fields, String text) {
        boolean descending = text.startsWith("-");
        String wanted = descending ? text.substring(1) : text;
        F field = sorting(fields)
                .filter(each -> each.word().equals(wanted))
                .findFirst()
                .orElseThrow(() -> QrmException.invalid(
                        "sort the list",
                        Name.printable(text),
                        "it is not sorted by that",
                        "Sort by " + String.join(", ", names(fields)) + "; with - in front, the greatest first."));
        return new Sort<>(field, descending);
    }

    /** The fields as they are written: {@code cpuMhz}. */
    public static <F extends Enum<F> & ListField> List<String> names(Class<F> fields) {
        return sorting(fields).map(ListField::word).toList();
    }

    /** As {@link #parse} reads it. */
    public String word() {
        return (descending ? "-" : "") + by.word();
    }

    private static <F extends Enum<F> & ListField> Stream<F> sorting(Class<F> fields) {
        return Arrays.stream(fields.getEnumConstants())
                .filter(each -> each.use().sorted());
    }
}
