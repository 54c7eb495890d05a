package org.qrm.core.store;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A text that is looked for, in small letters.
 *
 * @param text without blanks around it, and one at most between words
 */
public record Sought(String text) {

    private static final long NO_NUMBER = -1;
    private static final int LINE = 120;

    public Sought {
        text = text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** What the conditions of a {@link Place} are about, by the names of their parameters. */
    Map<String, Object> values() {
        String escaped = Column.escaped(text);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", text);
        values.put("begins", escaped + "%");
        values.put("part", "%" + escaped + "%");
        values.put("line", "%\n" + escaped + "\n%");
        values.put("lineBegins", "%\n" + escaped + "%");
        values.put("tag", "%|" + escaped + "|%");
        values.put("tagName", "%|" + escaped + "=|%");
        values.put("tagBegins", "%|" + escaped + "%");
        values.put("number", text.matches("0|[1-9][0-9]{0,17}") ? Long.parseLong(text) : NO_NUMBER);
        return values;
    }

    /** The line that has it, of a text that is not empty; a long line is cut on both sides. */
    String around(String said) {
        int at = Math.max(
                0, Math.min(said.length() - 1, said.toLowerCase(Locale.ROOT).indexOf(text)));
        int from = Math.min(said.length() - 1, Math.max(said.lastIndexOf('\n', at) + 1, at - LINE / 3));
        int end = said.indexOf('\n', at);
        int to = Math.min(end < 0 ? said.length() : end, from + LINE);
        return (from > 0 ? "…" : "") + whole(said, from, to) + (to < said.length() ? "…" : "");
    }

    /** No half of a pair at either end. */
    private static String whole(String said, int from, int to) {
        int first = Character.isLowSurrogate(said.charAt(from)) ? from + 1 : from;
        int last = to > first && Character.isHighSurrogate(said.charAt(to - 1)) ? to - 1 : to;
        return said.substring(first, Math.max(first, last));
    }

    /** 0 for the text itself, 1 for what begins with it, 2 for what has it, 3 for what does not. */
    int rank(String said) {
        String small = said.toLowerCase(Locale.ROOT);
        if (small.equals(text)) {
            return 0;
        }
        return small.startsWith(text) ? 1 : small.contains(text) ? 2 : 3;
    }
}
