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

    /** 0 for the text itself, 1 for what begins with it, 2 for what has it, 3 for what does not. */
    int rank(String said) {
        String small = said.toLowerCase(Locale.ROOT);
        if (small.equals(text)) {
            return 0;
        }
        return small.startsWith(text) ? 1 : small.contains(text) ? 2 : 3;
    }
}
