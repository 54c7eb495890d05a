package org.qrm.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * In which order a list is wanted; equals stand in the order of their keys.
 *
 * @param by the field
 * @param descending the greatest first
 */
public record Sort<F extends Enum<F>>(F by, boolean descending) {

    /** The smallest first. */
    public static <F extends Enum<F>> Sort<F> by(F field) {
        return new Sort<>(field, false);
    }

    /**
     * Reads {@code memoryMb}, or {@code -memoryMb} for the greatest first.
     *
     * @throws QrmException INVALID for a field that is not sorted by, with those that are
     */
    public static <F extends Enum<F>> Sort<F> parse(Class<F> fields, String text) {
        boolean descending = text.startsWith("-");
        String wanted = descending ? text.substring(1) : text;
        F field = Arrays.stream(fields.getEnumConstants())
                .filter(each -> name(each).equals(wanted))
                .findFirst()
                .orElseThrow(() -> QrmException.invalid(
                        "sort the list",
                        Name.printable(text),
                        "it is not sorted by that",
                        "Sort by " + String.join(", ", names(fields)) + "; with - in front, the greatest first."));
        return new Sort<>(field, descending);
    }

    /** The fields as they are written: {@code cpuMhz}. */
    public static <F extends Enum<F>> List<String> names(Class<F> fields) {
        return Arrays.stream(fields.getEnumConstants()).map(Sort::name).toList();
    }

    private static String name(Enum<?> field) {
        String[] words = field.name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return name.toString();
    }
}
