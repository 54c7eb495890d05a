package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes answers: tables for people, other forms for programs. */
public final class Screen {

    /** How answers are written. */
    public enum Format {
        /** For people; as wide as the terminal is. */
        table,
        /** The same without a limit to its width. */
        wide,
        /** As the REST interface answers. */
        json,
        yaml,
        /** RFC 4180, with a line of titles. */
        csv,
        /** The first column alone, a line for each. */
        name
    }

    /**
     * A column of a table.
     *
     * @param text what stands in it for one item
     */
    public record Column(String title, Function<JsonNode, String> text) {

        /** A field, by its name, or by a JSON pointer ({@code /requirements/cpus}). */
        public static Column of(String title, String field) {
            return new Column(title, item -> cell(field.startsWith("/") ? item.at(field) : item.path(field)));
        }

        private static String cell(JsonNode value) {
            if (value.isBoolean()) {
                return value.asBoolean() ? "yes" : "no";
            }
            return plain(value);
        }

        static Column of(Verb.Column column) {
            String field = column.field();
            if (field.endsWith("#")) {
                String list = field.substring(0, field.length() - 1);
                return new Column(
                        column.title(), item -> Integer.toString(item.path(list).size()));
            }
            if (field.endsWith("%")) {
                String share = field.substring(0, field.length() - 1);
                return new Column(
                        column.title(), item -> Math.round(item.path(share).asDouble() * 100) + " %");
            }
            int dot = field.indexOf('.');
            if (dot > 0) {
                return new Column(
                        column.title(),
                        item -> String.join(
                                " ", item.path(field.substring(0, dot)).findValuesAsText(field.substring(dot + 1))));
            }
            return of(column.title(), field);
        }
    }

    /**
     * How it is to be written.
     *
     * @param width characters of a line of the terminal; 0 where there is none
     * @param height lines of the terminal; 0 where there is none, and what is shown cannot be drawn over
     * @param colours whether words of states have colours
     * @param columns titles or fields of the columns that are wanted; empty for the usual ones
     * @param headers whether a table has a line of titles
     */
    public record Form(Format format, int width, int height, boolean colours, List<String> columns, boolean headers) {

        /** Without colours where they are not wanted (no-color.org), or would be seen as characters. */
        public static boolean colours(int height, String noColor, String term) {
            return height > 0 && (noColor == null || noColor.isEmpty()) && !"dumb".equals(term);
        }
    }

    private static final int NARROWEST = 8;

    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r]");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?");

    /** Of words that say how something is: green for what is as it should be, red for what is not, yellow for what is on its way. */
    private static final Map<String, String> COLOURS = colours(Map.of(
            "32", "active idle ready done running installed",
            "31", "error failed alarm unresolved",
            "33", "warning maintenance booting assigned releasing starting stopping creating removing queued"));

    private static Map<String, String> colours(Map<String, String> words) {
        Map<String, String> colours = new HashMap<>();
        words.forEach((colour, all) -> List.of(all.split(" ")).forEach(word -> colours.put(word, colour)));
        return colours;
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Form form;
    private final List<Integer> widths = new ArrayList<>();

    public Screen(PrintStream out, PrintStream err, Form form) {
        this.out = out;
        this.err = err;
        this.form = form;
    }

    /** Whether a program reads, which wants the answer and no sentence. */
    public boolean json() {
        return form.format == Format.json || form.format == Format.yaml;
    }

    /** Whether it is shown at a terminal, where the next answer can take the place of the last. */
    boolean redraws() {
        return form.height > 0 && forPeople();
    }

    /** Draws over what was drawn before, as much as the terminal has lines for. */
    void redraw(Consumer<Screen> drawing) {
        ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        drawing.accept(new Screen(new PrintStream(drawn, true, StandardCharsets.UTF_8), err, form));
        List<String> lines = drawn.toString(StandardCharsets.UTF_8).lines().toList();
        int most = Math.max(1, form.height - 1);
        StringBuilder text = new StringBuilder("\u001b[H");
        for (String line : lines.subList(0, Math.min(lines.size(), lines.size() > most ? most - 1 : most))) {
            text.append(line).append("\u001b[K\r\n");
        }
        if (lines.size() > most) {
            text.append("… and ")
                    .append(lines.size() - most + 1)
                    .append(" more")
                    .append("\u001b[K\r\n");
        }
        out.print(text.append("\u001b[J"));
        out.flush();
    }

    /** What stands in a row. */
    List<String> cells(JsonNode item, List<Column> usual) {
        return chosen(usual).stream()
                .map(column -> printable(column.text().apply(item)))
                .toList();
    }

    /** The fields of one thing, and what stands behind each. */
    Map<String, String> fields(JsonNode item) {
        List<List<String>> rows = new ArrayList<>();
        lines("", item, rows);
        Map<String, String> fields = new LinkedHashMap<>();
        rows.forEach(row -> fields.merge(row.get(0), row.get(1), (one, other) -> one + " " + other));
        return fields;
    }

    /** The titles of rows that are written one by one, with {@link #line}. */
    void titles(String change, List<Column> usual) {
        if (form.headers && !json() && form.format != Format.name) {
            line(change, null, chosen(usual).stream().map(Column::title).toList());
        }
    }

    /**
     * A row by itself, at once.
     *
     * @param change a word before it; null for none
     */
    void line(String change, JsonNode item, List<String> cells) {
        List<String> row = new ArrayList<>(cells);
        if (change != null) {
            row.add(0, change);
        }
        switch (form.format) {
            case json, yaml -> line(item);
            case csv -> record(row);
            case name -> out.println(String.join(" ", row.subList(0, change == null ? 1 : 2)));
            default -> {
                // columns grow, but never so that a line before would look crooked for no need
                for (int i = 0; i < row.size(); i++) {
                    if (widths.size() == i) {
                        widths.add(0);
                    }
                    widths.set(i, Math.max(widths.get(i), row.get(i).length()));
                }
                line(row, widths.stream().mapToInt(Integer::intValue).toArray());
            }
        }
        out.flush();
    }

    /** An answer in one line. */
    void line(JsonNode answer) {
        out.print(form.format == Format.yaml ? "---\n" + Yaml.of(answer) : answer + "\n");
        out.flush();
    }

    private boolean forPeople() {
        return form.format == Format.table || form.format == Format.wide;
    }

    /** Something that is said to people only, beside the answer. */
    public void say(String line) {
        err.println(printable(line));
        err.flush();
    }

    /** An answer in a sentence, unless a program reads. */
    public void sentence(String line) {
        if (forPeople()) {
            out.println(printable(line));
        }
    }

    /**
     * An answer to programs, if there is one, and to people what it comes to.
     *
     * @return the exit status, 0
     */
    public int told(JsonNode answer, String sentence) {
        if (json() && !answer.isMissingNode()) {
            answer(answer);
        }
        sentence(sentence);
        return 0;
    }

    /** A text that is the answer, as it is but for what could steer a terminal. */
    public void text(String text) {
        out.println(printable(text));
    }

    public void answer(JsonNode answer) {
        if (form.format == Format.yaml) {
            out.print(Yaml.of(answer));
            return;
        }
        try {
            out.println(
                    Verb.JSON.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(answer));
        } catch (IOException e) {
            throw new IllegalStateException("A tree can be written", e);
        }
    }

    /** A list. */
    public void list(JsonNode list, List<Column> usual) {
        if (json()) {
            answer(list);
            return;
        }
        List<Column> columns = chosen(usual);
        List<List<String>> rows = new ArrayList<>();
        list.path("items")
                .forEach(item -> rows.add(columns.stream()
                        .map(column -> printable(column.text().apply(item)))
                        .toList()));
        switch (form.format) {
            case csv -> csv(columns, rows);
            case name -> rows.forEach(row -> out.println(row.get(0)));
            default -> table(columns, rows);
        }
    }

    /** One thing, a line for each of its fields. */
    public void item(JsonNode item) {
        if (json()) {
            answer(item);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        lines("", item, rows);
        if (form.format == Format.name) {
            out.println(rows.get(0).get(1));
            return;
        }
        if (form.format == Format.csv) {
            rows.forEach(this::record);
            return;
        }
        int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
        // what a person wrote in several lines looks like no other field
        String below = "\n" + " ".repeat(width + 2);
        rows.forEach(
                row -> out.println(padded(row.get(0), width) + "  " + row.get(1).replace("\n", below)));
    }

    /** The usual columns, or those that were asked for, by title or by field. */
    private List<Column> chosen(List<Column> usual) {
        if (form.columns.isEmpty()) {
            return usual;
        }
        List<Column> chosen = new ArrayList<>();
        for (String wanted : form.columns) {
            chosen.add(usual.stream()
                    .filter(column -> column.title().equalsIgnoreCase(wanted.replace('-', ' ')))
                    .findFirst()
                    .orElseGet(() -> Column.of(
                            Verb.title(wanted), wanted.contains(".") ? "/" + wanted.replace('.', '/') : wanted)));
        }
        return chosen;
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

    private void csv(List<Column> columns, List<List<String>> rows) {
        if (form.headers) {
            record(columns.stream().map(Column::title).toList());
        }
        rows.forEach(this::record);
    }

    private void record(List<String> cells) {
        out.print(cells.stream()
                        .map(Screen::noFormula)
                        .map(cell -> cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(","))
                + "\r\n");
    }

    /** What a spreadsheet would take for a formula is a text: machines, and who guesses names of users, choose some of these words. */
    private static String noFormula(String cell) {
        return FORMULA.matcher(cell).lookingAt() && !NUMBER.matcher(cell).matches() ? "'" + cell : cell;
    }

    private void table(List<Column> columns, List<List<String>> rows) {
        List<String> titles = columns.stream().map(Column::title).toList();
        int[] widths = new int[titles.size()];
        List<List<String>> all = new ArrayList<>(rows);
        if (form.headers) {
            all.add(0, titles);
        }
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        if (form.format == Format.table && form.width > 0) {
            narrow(widths, form.width);
        }
        all.forEach(row -> line(row, widths));
    }

    /** Takes from the widest as long as it does not fit. */
    private static void narrow(int[] widths, int available) {
        while (Arrays.stream(widths).sum() + 2 * (widths.length - 1) > available) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
        }
    }

    private void line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String shown = cell.length() > widths[i] ? cell.substring(0, widths[i] - 1) + "…" : cell;
            line.append(i == 0 ? "" : "  ").append(coloured(shown)).append(" ".repeat(widths[i] - shown.length()));
        }
        out.println(line.toString().stripTrailing());
    }

    private String coloured(String cell) {
        String colour = form.colours ? COLOURS.get(cell) : null;
        return colour == null ? cell : "\u001b[" + colour + "m" + cell + "\u001b[0m";
    }

    /** A value as a text; a list with commas. */
    public static String plain(JsonNode value) {
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
