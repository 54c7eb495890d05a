package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A verb as a command of picocli, which understands what is typed; and what is then asked of the server and shown. */
public final class VerbLine implements Callable<Integer> {

    private static final Pattern FILLED = Pattern.compile("\\{([A-Za-z.]+)}");
    private static final String LIMIT = "--limit";
    private static final String WATCH = "--watch";
    private static final String FOLLOW = "--follow";
    private static final int SHOWN_AT_FIRST = 10;

    /** What a verb needs from the face that it is typed at. */
    public interface Face {
        Far far();

        Screen screen();

        /** How people type the verbs of operations here, {@code qrm operation %s}. */
        String typed();

        /** What is written to the command, for a file or a text that is called {@code -}. */
        String input() throws IOException;

        /** Asks the person at this terminal; true where none is, as in a script. */
        default boolean agrees(String question) {
            return true;
        }
    }

    private final Verb verb;
    private final Face face;
    private final Work.Options work = new Work.Options();
    private CommandSpec spec;

    private VerbLine(Verb verb, Face face) {
        this.verb = verb;
        this.face = face;
    }

    /** The verb as a command that carries itself out, with the exit status of {@code bin/qrm}. */
    public static CommandSpec of(Verb verb, Face face) {
        VerbLine line = new VerbLine(verb, face);
        line.spec = CommandSpec.wrapWithoutInspection(line).name(verb.name());
        line.describe();
        return line.spec;
    }

    private void describe() {
        spec.usageMessage().description(escaped(verb.about()));
        spec.usageMessage().autoWidth(true);
        spec.mixinStandardHelpOptions(true);
        spec.aliases(verb.aliases().toArray(String[]::new));
        int index = 0;
        for (Verb.Argument argument : verb.arguments()) {
            spec.addPositional(PositionalParamSpec.builder()
                    .index(argument.many() ? index + "..*" : Integer.toString(index))
                    .arity(argument.many() ? argument.optional() ? "0..*" : "1..*" : "1")
                    .required(!argument.optional())
                    .paramLabel(argument.label())
                    .type(argument.many() ? List.class : String.class)
                    .auxiliaryTypes(String.class)
                    .description(escaped(argument.about()))
                    .build());
            index++;
        }
        for (Verb.Option option : verb.options()) {
            spec.addOption(option(option));
        }
        if (verb.answer() == Verb.Form.NEWEST) {
            spec.addOption(OptionSpec.builder(LIMIT)
                    .paramLabel("N")
                    .type(Integer.class)
                    .description("At most so many; 100 unless given.")
                    .build());
        }
        if (verb.watches()) {
            spec.addOption(flag(
                    WATCH,
                    "Show it as it changes, until Ctrl-C: the whole at a terminal, else a line for each change."));
        }
        if (verb.follows()) {
            spec.addOption(flag(FOLLOW, "Go on with what is new, oldest first, until Ctrl-C."));
        }
        if (verb.answer() == Verb.Form.OPERATION) {
            spec.addMixin("work", CommandSpec.forAnnotatedObject(work));
        }
    }

    private static OptionSpec flag(String name, String about) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(about)
                .build();
    }

    private static OptionSpec option(Verb.Option option) {
        OptionSpec.Builder builder = OptionSpec.builder(option.name())
                .description(escaped(option.about()))
                .required(option.needed());
        if (option.kind() == Verb.Kind.FLAG) {
            return builder.type(Boolean.class)
                    .arity("0..1")
                    .fallbackValue("true")
                    .paramLabel("true|false")
                    .build();
        }
        String label = label(option);
        if (!option.words().isEmpty()) {
            builder.completionCandidates(option.words());
        }
        return option.many()
                ? builder.type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(label)
                        .build()
                : builder.type(
                                option.kind() == Verb.Kind.NUMBER
                                                && option.reference().isEmpty()
                                        ? Long.class
                                        : String.class)
                        .paramLabel(label)
                        .build();
    }

    private static String label(Verb.Option option) {
        if (option.field().equals("sort")) {
            return "[-]FIELD";
        }
        if (!option.words().isEmpty()) {
            return String.join("|", option.words());
        }
        if (!option.reference().isEmpty()) {
            return option.reference().toUpperCase(Locale.ROOT);
        }
        return option.kind() == Verb.Kind.NUMBER
                ? "N"
                : option.name().substring(2).toUpperCase(Locale.ROOT);
    }

    @Override
    public Integer call() {
        ParseResult typed = spec.commandLine().getParseResult();
        List<Verb.Argument> arguments = verb.arguments();
        boolean many =
                !arguments.isEmpty() && arguments.get(arguments.size() - 1).repeats();
        if (!many) {
            return once(typed, values(typed, null));
        }
        int status = 0;
        List<String> last = typed.matchedPositionalValue(arguments.size() - 1, List.of());
        for (String value : new LinkedHashSet<>(last)) {
            status = Math.max(status, once(typed, values(typed, value)));
        }
        return status;
    }

    /** What was typed for each argument, by its field. */
    private Map<String, String> values(ParseResult typed, String last) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < verb.arguments().size(); i++) {
            Verb.Argument argument = verb.arguments().get(i);
            values.put(argument.field(), argument.repeats() ? last : typed(typed, i, argument));
        }
        return values;
    }

    private static String typed(ParseResult typed, int index, Verb.Argument argument) {
        return argument.many()
                ? String.join(" ", typed.matchedPositionalValue(index, List.<String>of()))
                : typed.matchedPositionalValue(index, "");
    }

    private int once(ParseResult typed, Map<String, String> values) {
        String path = path(values);
        Map<String, String> query = query(typed, values);
        if (!verb.asks().isEmpty() && !face.agrees(filled(verb.asks(), values, MissingNode.getInstance()))) {
            throw new Failure(Failure.FAILED, "Nothing was said to the server, and nothing is changed.");
        }
        if (typed.hasMatchedOption(FOLLOW)) {
            return followed(path, query, typed);
        }
        if (typed.hasMatchedOption(WATCH)) {
            return watched(path, query, typed);
        }
        return switch (verb.answer()) {
            case LIST -> shown(face.far().list(path, query));
            case NEWEST -> shown(face.far().page(path, query, typed.matchedOptionValue(LIMIT, 100)));
            default -> answered(face.far().send(verb.method(), path + text(query), body(typed, path, values)), values);
        };
    }

    private int watched(String path, Map<String, String> query, ParseResult typed) {
        Screen screen = face.screen();
        Far far = face.far();
        if (verb.answer() == Verb.Form.ITEM) {
            return new Watch(far, screen, path, () -> far.get(path + text(query))).show(Watch.item(screen));
        }
        int limit = typed.matchedOptionValue(LIMIT, 100);
        Supplier<JsonNode> look =
                verb.answer() == Verb.Form.LIST ? () -> far.list(path, query) : () -> far.page(path, query, limit);
        return new Watch(far, screen, path, look).show(new Changes(screen, columns())::watched);
    }

    private int followed(String path, Map<String, String> query, ParseResult typed) {
        Screen screen = face.screen();
        Far far = face.far();
        if (query.containsKey("sort")) {
            throw Failure.usage("--follow has an order of its own: leave --sort out.");
        }
        AtomicLong known = new AtomicLong(-1);
        int limit = typed.matchedOptionValue(LIMIT, SHOWN_AT_FIRST);
        Supplier<JsonNode> look = () -> {
            JsonNode list = far.since(path, query, known.get() < 0 ? limit : 100, known.get());
            known.accumulateAndGet(list.path("items").path(0).path("id").asLong(), Math::max);
            return list;
        };
        return new Watch(far, screen, path, look).show(new Changes(screen, columns())::followed);
    }

    private int shown(JsonNode list) {
        face.screen().list(list, columns());
        return 0;
    }

    private List<Screen.Column> columns() {
        return verb.columns().stream().map(Screen.Column::of).toList();
    }

    private int answered(JsonNode answer, Map<String, String> values) {
        Screen screen = face.screen();
        if (verb.answer() == Verb.Form.OPERATION && answer.has("steps")) {
            return new Work(face.far(), screen, face.typed()).show(answer, work);
        }
        if (verb.verdict() != null && answer.has(verb.verdict().field())) {
            return judged(verb.verdict(), answer, values);
        }
        if (verb.done().isEmpty() && !answer.isMissingNode()) {
            screen.item(answer);
            return 0;
        }
        if (screen.json() && !answer.isMissingNode()) {
            screen.answer(answer);
        }
        if (!verb.done().isEmpty()) {
            screen.sentence(filled(verb.done(), values, answer));
        }
        return 0;
    }

    private int judged(Verb.Verdict verdict, JsonNode answer, Map<String, String> values) {
        Screen screen = face.screen();
        boolean good = answer.path(verdict.field()).asBoolean();
        String sentence = filled(good ? verdict.good() : verdict.bad(), values, answer);
        if (screen.json()) {
            screen.answer(answer);
        } else if (!verdict.rows().isEmpty()) {
            screen.list(Verb.JSON.createObjectNode().set("items", answer.path(verdict.rows())), columns());
        } else if (sentence.isEmpty()) {
            screen.item(answer);
        }
        if (!sentence.isEmpty() && (good || !verdict.rows().isEmpty())) {
            screen.sentence(sentence);
        } else if (!sentence.isEmpty()) {
            screen.say(sentence);
        }
        return good ? 0 : verdict.status();
    }

    private String path(Map<String, String> values) {
        return FILLED.matcher(verb.path())
                .replaceAll(found -> Matcher.quoteReplacement(Far.encoded(values.get(found.group(1)))));
    }

    private Map<String, String> query(ParseResult typed, Map<String, String> values) {
        Map<String, String> query = new LinkedHashMap<>();
        for (Verb.Argument argument : verb.arguments()) {
            if (argument.place() == Verb.Place.QUERY
                    && !values.get(argument.field()).isBlank()) {
                query.put(argument.field(), values.get(argument.field()));
            }
        }
        for (Verb.Option option : verb.options()) {
            if (option.place() == Verb.Place.QUERY && typed.hasMatchedOption(option.name())) {
                String value = String.valueOf(typed.matchedOption(option.name()).<Object>getValue());
                query.put(option.field(), number(option) ? idOf(option.reference(), value) : value);
            }
        }
        return query;
    }

    /** Whether the server wants a number where people may name it in another way. */
    private static boolean number(Verb.Option option) {
        return option.kind() == Verb.Kind.NUMBER && option.reference().equals("resource");
    }

    private String idOf(String noun, String value) {
        return value.matches("[0-9]+")
                ? value
                : face.far()
                        .get("/" + noun + "s/" + Far.encoded(value))
                        .path("id")
                        .asText();
    }

    private static String text(Map<String, String> query) {
        return query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(each -> each.getKey() + "=" + Far.encoded(each.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private JsonNode body(ParseResult typed, String path, Map<String, String> values) {
        if (Set.of("GET", "DELETE").contains(verb.method())) {
            return null;
        }
        ObjectNode body = verb.merges() ? before(path) : Verb.JSON.createObjectNode();
        verb.preset().forEach(body::put);
        for (int i = 0; i < verb.arguments().size(); i++) {
            Verb.Argument argument = verb.arguments().get(i);
            if (argument.place() == Verb.Place.BODY && argument.many()) {
                List<String> all = typed.matchedPositionalValue(i, List.of());
                if (!all.isEmpty()) {
                    body.set(argument.field(), Verb.JSON.valueToTree(new LinkedHashSet<>(all)));
                }
            } else if (argument.place() == Verb.Place.BODY) {
                body.put(argument.field(), values.get(argument.field()));
            }
        }
        for (Verb.Option option : verb.options()) {
            if (option.place() == Verb.Place.BODY && typed.hasMatchedOption(option.name())) {
                put(
                        body,
                        option,
                        given(option, typed.matchedOption(option.name()).getValue()));
            }
        }
        return body;
    }

    private Object given(Verb.Option option, Object typed) {
        if (!option.input() || !"-".equals(typed)) {
            return typed;
        }
        try {
            return face.input();
        } catch (IOException unreadable) {
            throw Failure.usage("Cannot read the input: " + unreadable.getMessage());
        }
    }

    /** What it is now, as far as it can be changed. */
    private ObjectNode before(String path) {
        ObjectNode now = face.far().get(path).deepCopy();
        return now.retain(verb.options().stream()
                .map(Verb.Option::field)
                .map(field -> field.split("\\.")[0])
                .collect(Collectors.toSet()));
    }

    private static void put(ObjectNode body, Verb.Option option, Object value) {
        String[] names = option.field().split("\\.");
        ObjectNode where = names.length == 1 ? body : body.withObject("/" + names[0]);
        String name = names[names.length - 1];
        if (option.nothing() && "none".equals(value)) {
            where.putNull(name);
        } else {
            where.set(name, Verb.JSON.valueToTree(value));
        }
    }

    private static String filled(String sentence, Map<String, String> values, JsonNode answer) {
        return FILLED.matcher(sentence).replaceAll(found -> {
            String field = found.group(1);
            return Matcher.quoteReplacement(
                    values.containsKey(field)
                            ? values.get(field)
                            : Screen.plain(answer.at("/" + field.replace('.', '/'))));
        });
    }

    /** Percent signs are formats to picocli. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }
}
