package org.qrm.shell.internal;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Writes maps, lists, texts, numbers, truth values, constants and times as JSON (RFC 8259), indented. */
final class Json {

    private static final String STEP = "  ";

    private Json() {}

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, "", out);
        return out.toString();
    }

    /** Constants as the REST interface spells them: {@code POWER_ON} is {@code power-on}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void write(Object value, String indent, StringBuilder out) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            StringJoiner fields = new StringJoiner(",", "{", map.isEmpty() ? "}" : "\n" + indent + "}");
            map.forEach((name, field) -> {
                StringBuilder inner = new StringBuilder("\n" + indent + STEP);
                text(String.valueOf(name), inner);
                inner.append(": ");
                write(field, indent + STEP, inner);
                fields.add(inner);
            });
            out.append(fields);
        } else if (value instanceof List<?> list) {
            StringJoiner items = new StringJoiner(",", "[", list.isEmpty() ? "]" : "\n" + indent + "]");
            for (Object item : list) {
                StringBuilder inner = new StringBuilder("\n" + indent + STEP);
                write(item, indent + STEP, inner);
                items.add(inner);
            }
            out.append(items);
        } else if (value instanceof Enum<?> constant) {
            text(word(constant), out);
        } else if (value instanceof CharSequence || value instanceof Instant) {
            text(value.toString(), out);
        } else {
            throw new IllegalArgumentException("Not to be written as JSON: " + value.getClass());
        }
    }

    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> out.append(c < ' ' || c >= 0x7f && c < 0xa0 ? String.format("\\u%04x", (int) c) : c);
            }
        }
        out.append('"');
    }
}
