package org.qrm.core.admission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Tag;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.resource.MacAddress;
import org.qrm.core.plugin.Answer;
import org.qrm.core.settings.ExpectedSettings;

/**
 * Reads a list of expected machines: lines with commas as RFC 4180 has them; its first line names the columns. What it says for
 * plug-ins ({@code ipmi.address}) may be secret, and is in no message.
 */
final class MachineList {

    static final String ATTEMPT = "expect machines";

    private static final Set<String> COLUMNS = Set.of("mac", "uuid", "serial", "name", "tags", "owner");
    private static final String REMEDY =
            "Name some of mac, uuid, serial, name, tags, owner in the first line, and what plug-ins ask as ipmi.address; give"
                    + " a machine in each further one, with as many commas.";

    private static final int MOST_TOLD = 5;

    private final ExpectedSettings settings;
    private final Map<String, List<String>> questions;
    private final List<String> wrong = new ArrayList<>();

    private MachineList(ExpectedSettings settings) {
        this.settings = settings;
        this.questions = settings.questions();
    }

    /** @throws QrmException INVALID, naming the line, or the lines and columns of what plug-ins do not take */
    static List<ListedMachine> read(String csv, ExpectedSettings settings) {
        return new MachineList(settings).read(csv);
    }

    private List<ListedMachine> read(String csv) {
        List<ListedMachine> machines = new ArrayList<>();
        List<String> columns = null;
        int number = 0;
        for (String line : (csv.startsWith("\uFEFF") ? csv.substring(1) : csv).split("\\r?\\n|\\r", -1)) {
            number++;
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            List<String> values = values(line, number);
            if (columns == null) {
                columns = columns(values, number);
            } else {
                machines.add(machine(columns, values, number));
            }
        }
        if (machines.isEmpty()) {
            throw QrmException.invalid(ATTEMPT, "", "the list has no machine", REMEDY);
        }
        if (!wrong.isEmpty()) {
            int more = wrong.size() - MOST_TOLD;
            throw QrmException.invalid(
                    ATTEMPT,
                    "the list",
                    String.join("; ", wrong.subList(0, Math.min(wrong.size(), MOST_TOLD)))
                            + (more > 0 ? "; and " + more + " more" : ""),
                    "Correct these places; nothing was stored.");
        }
        return machines;
    }

    private List<String> columns(List<String> values, int line) {
        List<String> columns = values.stream()
                .map(String::strip)
                .map(value -> value.contains(".") ? value : value.toLowerCase(Locale.ROOT))
                .toList();
        for (String column : columns) {
            if (columns.indexOf(column) != columns.lastIndexOf(column)
                    || !column.contains(".") && !COLUMNS.contains(column)) {
                throw wrong(line, "\"" + Name.printable(column) + "\" is no column, or is there twice", REMEDY);
            }
            if (column.contains(".")) {
                requireQuestion(column, line);
            }
        }
        return columns;
    }

    private void requireQuestion(String column, int line) {
        List<String> asked = questions.get(plugin(column));
        if (asked == null) {
            throw wrong(
                    line,
                    "\"" + Name.printable(column) + "\" is no column: no plug-in " + Name.printable(plugin(column))
                            + " that is registered asks about machines",
                    questions.isEmpty()
                            ? "Register the plug-in first."
                            : "There are: " + String.join(", ", questions.keySet())
                                    + ". Or register the plug-in first.");
        }
        if (!asked.contains(question(column))) {
            throw wrong(
                    line,
                    "\"" + Name.printable(column) + "\" is no column: the plug-in does not ask that",
                    "It asks for " + String.join(", ", asked) + ".");
        }
    }

    private static String plugin(String column) {
        return column.substring(0, column.indexOf('.'));
    }

    private static String question(String column) {
        return column.substring(column.indexOf('.') + 1);
    }

    private ListedMachine machine(List<String> columns, List<String> values, int line) {
        if (values.size() != columns.size()) {
            throw wrong(
                    line, "it has " + values.size() + " values, and there are " + columns.size() + " columns", REMEDY);
        }
        Map<String, String> given = new HashMap<>();
        Map<String, Map<String, String>> answers = new TreeMap<>();
        for (int at = 0; at < values.size(); at++) {
            String column = columns.get(at);
            String value = values.get(at);
            if (column.contains(".") && !value.isEmpty()) {
                answers.computeIfAbsent(plugin(column), plugin -> new HashMap<>())
                        .put(question(column), value);
            } else if (!value.isBlank()) {
                given.put(column, value.strip());
            }
        }
        return new ListedMachine(described(given, line), checked(answers, line));
    }

    /** What is wrong is kept, so that all of it is told at once. */
    private Map<String, Map<String, Answer>> checked(Map<String, Map<String, String>> answers, int line) {
        Map<String, Map<String, Answer>> complete = new TreeMap<>();
        answers.forEach((plugin, given) -> {
            ExpectedSettings.Checked checked = settings.check(ATTEMPT, plugin, given);
            checked.problems()
                    .forEach((question, reason) ->
                            wrong.add("line " + line + ", column " + plugin + "." + question + ": " + reason));
            complete.put(plugin, checked.answers());
        });
        return complete;
    }

    private static ExpectedMachine described(Map<String, String> given, int line) {
        try {
            String mac = given.get("mac");
            return new ExpectedMachine(
                    0,
                    mac == null ? null : MacAddress.parse(mac),
                    given.get("uuid"),
                    given.get("serial"),
                    given.get("name"),
                    Tag.parseLine(ATTEMPT, given.getOrDefault("tags", "")),
                    Remark.of(given.getOrDefault("owner", ""))
                            .checked(ATTEMPT, "owner")
                            .owner());
        } catch (QrmException malformed) {
            throw wrong(line, malformed.problem().reason(), malformed.problem().remedy());
        }
    }

    private static List<String> values(String line, int number) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at <= line.length()) {
            int begin = at;
            while (begin < line.length() && Character.isWhitespace(line.charAt(begin))) {
                begin++;
            }
            int end;
            if (begin < line.length() && line.charAt(begin) == '"') {
                StringBuilder value = new StringBuilder();
                end = unquote(line, begin + 1, value);
                int comma = line.indexOf(',', Math.max(end, 0));
                String rest = end < 0 ? "?" : line.substring(end, comma < 0 ? line.length() : comma);
                if (!rest.isBlank()) {
                    throw wrong(number, "a quotation mark is not closed, or text follows it", REMEDY);
                }
                values.add(value.toString());
                end = comma < 0 ? line.length() : comma;
            } else {
                int comma = line.indexOf(',', at);
                end = comma < 0 ? line.length() : comma;
                values.add(line.substring(at, end).strip());
            }
            at = end + 1;
        }
        return values;
    }

    /** Answers the place behind the closing mark, or -1. */
    private static int unquote(String line, int from, StringBuilder value) {
        for (int at = from; at < line.length(); at++) {
            if (line.charAt(at) != '"') {
                value.append(line.charAt(at));
            } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                value.append('"');
                at++;
            } else {
                return at + 1;
            }
        }
        return -1;
    }

    static QrmException wrong(int line, String reason, String remedy) {
        return QrmException.invalid(ATTEMPT, "line " + line, reason, remedy);
    }
}
