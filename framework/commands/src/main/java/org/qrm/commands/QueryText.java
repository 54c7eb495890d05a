package org.qrm.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;

/**
 * What people look for, in one line: {@code state:error tag:rack=7 memory>=64G web "Rack 7"}. Words with a field narrow a list by it,
 * as the parameter of that name does; the others are one text together. What it says of a list is said by the list's own
 * fields, so there is nothing here that a list's description does not have.
 *
 * @param terms with a field, in their order
 * @param text the other words, with one blank between; empty for none
 * @param textPlace where the first of them stands, counted from 1; 0 for none
 */
public record QueryText(List<Term> terms, String text, int textPlace) {

    /** One line is so long at most. */
    public static final int LONGEST = 500;

    private static final String ATTEMPT = "read the query";
    private static final Pattern TERM = Pattern.compile("([A-Za-z][A-Za-z-]*)(>=|<=|!=|[:=<>])");

    /** As an address of a network card begins: its colons are none of a field. */
    private static final Pattern MAC = Pattern.compile("(?i)[0-9a-f]{2}(:[0-9a-f]{2})*:[0-9a-f]{0,2}");

    private static final Pattern AMOUNT = Pattern.compile("(?i)([0-9]{1,18})([kmgt])(i?b)?");

    /** Endings of fields' names that people leave out, and what a number is then of. */
    private static final Map<String, String> UNITS = units();

    private static final Set<String> EQUAL = Set.of(":", "=");
    private static final Set<String> LEAST = Set.of(":", ">=", ">");

    /**
     * A word with a field.
     *
     * @param place where it stands, counted from 1
     * @param word the whole of it
     * @param field as it is written
     * @param operator {@code : = >= >}, or one that no list knows
     * @param value without quotation marks
     */
    public record Term(int place, String word, String field, String operator, String value) {

        boolean names(ListField named) {
            String wanted = plain(field);
            return plain(named.word()).equals(wanted) || plain(spelled(named)).equals(wanted);
        }

        private QrmException wrong(String reason, String remedy) {
            return QueryText.wrong(place, word, reason, remedy);
        }
    }

    public QueryText {
        terms = List.copyOf(terms);
    }

    private static Map<String, String> units() {
        Map<String, String> units = new LinkedHashMap<>();
        units.put("Mb", "MiB");
        units.put("Gb", "GB");
        units.put("Bytes", "bytes");
        units.put("Id", "");
        return units;
    }

    /** @throws QrmException INVALID for a quotation mark that is not closed, or a line that is too long, with the place */
    public static QueryText parse(String line) {
        if (line.length() > LONGEST) {
            throw wrong(
                    LONGEST + 1,
                    Name.printable(line.substring(LONGEST, Math.min(line.length(), LONGEST + 20))),
                    "a query has " + LONGEST + " characters at most",
                    "Make it shorter.");
        }
        return new Reader(line).read();
    }

    /** Reads a line from its start to its end. */
    private static final class Reader {
        private final String line;
        private final List<Term> terms = new ArrayList<>();
        private final List<String> words = new ArrayList<>();
        private int textPlace;
        private int at;

        Reader(String line) {
            this.line = line;
        }

        QueryText read() {
            while (skipBlanks()) {
                int place = at + 1;
                Matcher term = TERM.matcher(line).region(at, line.length());
                if (!isMac() && term.lookingAt()) {
                    at = term.end();
                    String value = value();
                    terms.add(new Term(place, line.substring(place - 1, at), term.group(1), term.group(2), value));
                } else {
                    textPlace = words.isEmpty() ? place : textPlace;
                    words.add(value());
                }
            }
            String text = String.join(" ", words).strip();
            return new QueryText(terms, text, text.isEmpty() ? 0 : textPlace);
        }

        private boolean skipBlanks() {
            while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
            return at < line.length();
        }

        private boolean isMac() {
            return MAC.matcher(line.substring(at, wordEnd())).matches();
        }

        /** Up to the next blank, or between quotation marks. */
        private String value() {
            int start = at;
            if (at == line.length() || line.charAt(at) != '"') {
                at = wordEnd();
                return line.substring(start, at);
            }
            int end = line.indexOf('"', at + 1);
            if (end < 0) {
                throw wrong(
                        start + 1,
                        Name.printable(line.substring(start)),
                        "this quotation mark has no other",
                        "Put one behind the text.");
            }
            at = end + 1;
            return line.substring(start + 1, end);
        }

        private int wordEnd() {
            int end = at;
            while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
                end++;
            }
            return end;
        }
    }

    /**
     * What it narrows a list to, and what it was narrowed to before.
     *
     * @throws QrmException INVALID for a word that this list does not know, with its place and the fields that there are
     */
    public <F extends Enum<F> & ListField> Filter<F> narrow(Filter<F> before, ListQuery<F> list) {
        Map<F, QueryParameter<?>> filters = list.filters();
        Filter<F> filter = before;
        for (Term term : terms) {
            F field = field(term, filters);
            if (filter.get(field) != null) {
                throw term.wrong(
                        spelled(field) + " is there already, and a list is narrowed by it once",
                        "Leave one of them out.");
            }
            filter = filter.and(field, value(term, field, filters.get(field)));
        }
        return text.isEmpty() ? filter : withText(filter, filters);
    }

    private <F extends Enum<F> & ListField> Filter<F> withText(Filter<F> filter, Map<F, QueryParameter<?>> filters) {
        F field = filters.keySet().stream()
                .filter(each -> each.word().equals("text"))
                .findFirst()
                .orElseThrow(() -> wrong(
                        textPlace,
                        Name.printable(text),
                        "there is no text to find here",
                        fieldsAre(filters.keySet().stream())));
        if (filter.get(field) != null) {
            throw wrong(
                    textPlace,
                    Name.printable(text),
                    "a text is there already, and a list is narrowed by it once",
                    "Leave one of them out.");
        }
        return filter.and(field, text);
    }

    private static <F extends Enum<F> & ListField> F field(Term term, Map<F, QueryParameter<?>> filters) {
        return filters.keySet().stream()
                .filter(term::names)
                .findFirst()
                .orElseThrow(() -> new UnknownField(term, fieldsAre(filters.keySet().stream())));
    }

    /** Distinguished from a value that is wrong: another list may know the field. */
    static final class UnknownField extends QrmException {
        private static final long serialVersionUID = 1L;

        private UnknownField(Term term, String remedy) {
            super(QueryText.problem(term.place, term.word, "there is no field " + term.field, remedy));
        }
    }

    private static <F extends Enum<F> & ListField> Object value(Term term, F field, QueryParameter<?> parameter) {
        boolean least = field.use().least();
        Set<String> operators = least ? LEAST : EQUAL;
        if (!operators.contains(term.operator)) {
            throw term.wrong(
                    spelled(field) + " does not know " + term.operator,
                    least
                            ? "Write " + spelled(field) + ">=" + term.value + ": so much at least."
                            : "Write " + spelled(field) + ":" + term.value + ".");
        }
        if (term.value.isEmpty()) {
            throw term.wrong(
                    "there is no value",
                    parameter.words().isEmpty()
                            ? "Say what " + spelled(field) + " is to be."
                            : "It is one of " + String.join(", ", parameter.words()) + ".");
        }
        try {
            Object value = parameter.read(least ? amount(term, field) : term.value);
            if (field.word().equals("tag")) {
                Tag.parse(ATTEMPT, term.value);
            }
            return term.operator.equals(">") ? greater(value) : value;
        } catch (QrmException malformed) {
            throw term.wrong(malformed.problem().reason(), "Correct it or leave it out.");
        } catch (ArithmeticException tooGreat) {
            throw term.wrong("that is more than anything has", "Take a smaller number.");
        }
    }

    private static Object greater(Object value) {
        return value instanceof Integer number ? (Object) Math.addExact(number, 1) : Math.addExact((Long) value, 1L);
    }

    /** {@code 64G} in the field's own unit. */
    private static String amount(Term term, ListField field) {
        Matcher amount = AMOUNT.matcher(term.value);
        String unit = unit(field);
        if (unit.isEmpty() || !amount.matches()) {
            return term.value;
        }
        long step = unit.equals("GB") ? 1000 : 1024;
        int steps = "kmgt".indexOf(amount.group(2).toLowerCase(Locale.ROOT)) - "kmgt".indexOf(unit.charAt(0) | 0x20);
        long number = Long.parseLong(amount.group(1));
        for (int i = 0; i < steps; i++) {
            number = Math.multiplyExact(number, step);
        }
        for (int i = steps; i < 0; i++) {
            if (number % step != 0) {
                throw term.wrong("it is no whole number of " + unit, "Take one of " + unit + ".");
            }
            number /= step;
        }
        return Long.toString(number);
    }

    private static String unit(ListField field) {
        return UNITS.entrySet().stream()
                .filter(unit -> field.use().least() && field.word().endsWith(unit.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** A field as it is written in a query: {@code memory} for {@code memoryMb}, {@code partition-of} for {@code partitionOf}. */
    public static String spelled(ListField field) {
        String word = field.word();
        String ending = UNITS.keySet().stream()
                .filter(each -> word.length() > each.length() && word.endsWith(each))
                .findFirst()
                .orElse("");
        return word.substring(0, word.length() - ending.length())
                .replaceAll("([a-z])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
    }

    private static String plain(String field) {
        return field.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static String fieldsAre(Stream<? extends ListField> fields) {
        return "Fields are: "
                + fields.map(QueryText::spelled).distinct().collect(Collectors.joining(", "))
                + ". In quotation marks it is a text.";
    }

    /**
     * Says why none of these lists takes it.
     *
     * @param problems one of each
     */
    public QrmException refusedByAll(List<ListQuery<?>> lists, List<QrmException> problems) {
        for (Term term : terms) {
            if (lists.stream().noneMatch(list -> list.knows(term))) {
                return new UnknownField(
                        term, fieldsAre(lists.stream().flatMap(list -> list.filters().keySet().stream())));
            }
        }
        return problems.stream()
                .filter(problem -> !(problem instanceof UnknownField))
                .findFirst()
                .orElseGet(() -> wrong(
                        terms.get(0).place,
                        terms.stream().map(Term::word).collect(Collectors.joining(" ")),
                        "nothing has all of these fields",
                        "Leave some of them out."));
    }

    private static QrmException wrong(int place, String word, String reason, String remedy) {
        return new QrmException(problem(place, word, reason, remedy));
    }

    private static Problem problem(int place, String word, String reason, String remedy) {
        return new Problem(
                Problem.Kind.INVALID, ATTEMPT, Name.printable(word), "at character " + place + ", " + reason, remedy);
    }
}
