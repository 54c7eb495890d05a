package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes answers: tables for people, or the JSON of the REST interface for programs. */
final class Screen {

    /** How answers are written. */
    enum Format {
        table,
        json
    }

    /**
     * A column of a table.
     *
     * @param text what stands in it for one item
     */
    record Column(String title, Function<JsonNode, String> text) {

        /** A field, by its name, or by a JSON pointer ({@code /requirements/cpus}). */
        static Column of(String title, String field) {
            return new Column(title, item -> plain(field.startsWith("/") ? item.at(field) : item.path(field)));
        }
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Format format;

    Screen(PrintStream out, PrintStream err, Format format) {
        this.out = out;
        this.err = err;
        this.format = format;
    }

    boolean json() {
        return format == Format.json;
    }

    /** Something that is said to people only, beside the answer. */
    void say(String line) {
        err.println(printable(line));
        err.flush();
    }

    /** An answer in a sentence, unless a program reads. */
    void sentence(String line) {
        if (!json()) {
            out.println(printable(line));
        }
    }

    void answer(JsonNode answer) {
        try {
            out.println(
                    Rest.JSON.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(answer));
        } catch (IOException e) {
            throw new IllegalStateException("A tree can be written", e);
        }
    }

    /** A list. */
    void list(JsonNode list, List<Column> columns) {
        if (json()) {
            answer(list);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        list.path("items")
                .forEach(item -> rows.add(columns.stream()
                        .map(column -> printable(column.text().apply(item)))
                        .toList()));
        table(columns.stream().map(Column::title).toList(), rows);
    }

    /** One thing, a line for each of its fields. */
    void item(JsonNode item) {
        if (json()) {
            answer(item);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        lines("", item, rows);
        int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
        rows.forEach(row -> out.println(padded(row.get(0), width) + "  " + row.get(1)));
    }

    private static void lines(String prefix, JsonNode item, List<List<String>> rows) {
        item.properties().forEach(field -> {
            String name = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                lines(name + ".", value, rows);
            } else if (value.isArray() && value.path(0).isObject()) {
                for (int i = 0; i < value.size(); i++) {
                    rows.add(List.of(i == 0 ? name : "", printable(inOneLine(value.get(i)))));
                }
            } else {
                rows.add(List.of(name, printable(plain(value))));
            }
        });
    }

    private static String inOneLine(JsonNode object) {
        List<String> fields = new ArrayList<>();
        object.properties().forEach(field -> {
            String text = plain(field.getValue());
            if (!text.isEmpty()) {
                fields.add(field.getKey() + "=" + text);
            }
        });
        return String.join(" ", fields);
    }

    private void table(List<String> titles, List<List<String>> rows) {
        int[] widths = titles.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        line(titles, widths);
        rows.forEach(row -> line(row, widths));
    }

    private void line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(i == 0 ? "" : "  ").append(padded(cells.get(i), widths[i]));
        }
        out.println(line.toString().stripTrailing());
    }

    static String plain(JsonNode value) {
        if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(plain(part)));
            return String.join(",", parts);
        }
        return value.isNull() || value.isMissingNode() ? "" : value.asText();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** Machines choose some of these words: a terminal must not obey them. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n\\t]]", "?");
    }
}
