package org.qrm.core.admission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.resource.MacAddress;

/** Reads a list of expected machines: lines with commas as RFC 4180 has them; its first line names the columns. */
final class MachineList {

    static final String ATTEMPT = "expect machines";

    private static final Set<String> COLUMNS = Set.of("mac", "uuid", "serial", "name", "tags");
    private static final String REMEDY =
            "Name some of mac, uuid, serial, name, tags in the first line, and give a machine in"
                    + " each further one, with as many commas.";

    private MachineList() {}

    static List<ExpectedMachine> read(String csv) {
        List<ExpectedMachine> machines = new ArrayList<>();
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
        return machines;
    }

    private static List<String> columns(List<String> values, int line) {
        List<String> columns =
                values.stream().map(value -> value.toLowerCase(Locale.ROOT)).toList();
        for (String column : columns) {
            if (!COLUMNS.contains(column) || columns.indexOf(column) != columns.lastIndexOf(column)) {
                throw wrong(line, "\"" + Name.printable(column) + "\" is no column, or is there twice", REMEDY);
            }
        }
        return columns;
    }

    private static ExpectedMachine machine(List<String> columns, List<String> values, int line) {
        if (values.size() != columns.size()) {
            throw wrong(
                    line, "it has " + values.size() + " values, and there are " + columns.size() + " columns", REMEDY);
        }
        Map<String, String> given = new HashMap<>();
        for (int column = 0; column < values.size(); column++) {
            if (!values.get(column).isEmpty()) {
                given.put(columns.get(column), values.get(column));
            }
        }
        try {
            String mac = given.get("mac");
            return new ExpectedMachine(
                    0,
                    mac == null ? null : MacAddress.parse(mac),
                    given.get("uuid"),
                    given.get("serial"),
                    given.get("name"),
                    Tag.parseLine(ATTEMPT, given.getOrDefault("tags", "")));
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
                values.add(value.toString().strip());
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
