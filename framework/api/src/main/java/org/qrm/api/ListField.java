package org.qrm.api;

import java.util.Locale;

/**
 * Something that a list can be narrowed or sorted by. The enumeration of them is the one description of what a list can be
 * asked for: parameters, options, help and completion are made from it.
 */
public interface ListField {

    /** What it can be used for. */
    Use use();

    /** How it is written: {@code cpuMhz} for {@code CPU_MHZ}. */
    default String word() {
        String[] words = ((Enum<?>) this).name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder word = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            word.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return word.toString();
    }

    /**
     * What a field can be used for.
     *
     * @param type of what it is compared with: String, Integer, Long, Boolean, Instant or an enumeration; null for a field
     *     that narrows nothing
     * @param about what it narrows a list to, for people; empty for a field that narrows nothing
     * @param sorted whether a list can be sorted by it
     * @param least whether it lets through what is as great or greater; else what is equal, or as the sentence says
     */
    record Use(Class<?> type, String about, boolean sorted, boolean least) {

        /** A list can be sorted by it. */
        public static Use sorts() {
            return new Use(null, "", true, false);
        }

        /** A list can be narrowed by it. */
        public static Use narrows(Class<?> type, String about) {
            return new Use(type, about, false, false);
        }

        /** Both. */
        public static Use both(Class<?> type, String about) {
            return new Use(type, about, true, false);
        }

        /** Both; it lets through what is as great or greater. */
        public static Use atLeast(Class<? extends Number> type, String about) {
            return new Use(type, about, true, true);
        }

        public boolean narrows() {
            return type != null;
        }
    }
}
