package org.qrm.commands;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.qrm.api.command.CommandField;
import org.qrm.commands.line.Verb;

/**
 * How a route is typed, as far as its own description does not say it. Variables of the path are arguments; parameters of
 * the query and fields of the body are options.
 */
public final class VerbSketch {

    private static final Map<String, String> NAMED =
            Map.of("resource", "Number, name or MAC address.", "partition", "Number, name or MAC address.");

    private final String noun;
    private final String name;
    private final List<String> aliases = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> called = new HashMap<>();
    private final Map<String, String> references = new HashMap<>();
    private final Map<String, String> preset = new LinkedHashMap<>();
    private final Set<String> removable = new HashSet<>();
    private final Set<String> input = new HashSet<>();
    private final List<Verb.Column> columns = new ArrayList<>();
    private Set<String> fields;
    private String about;
    private boolean many;
    private boolean newest;
    private String done = "";
    private Verb.Verdict verdict;
    private String asks = "";

    private VerbSketch(String noun, String name) {
        this.noun = noun;
        this.name = name;
    }

    public static VerbSketch of(String noun, String name) {
        return new VerbSketch(noun, name);
    }

    /** One of the actions of a thing: the body's field {@code action} has the verb's name. */
    public static VerbSketch action(String noun, String name) {
        return of(noun, name).preset("action", name);
    }

    /** Another word for the verb. */
    public VerbSketch alias(String word) {
        aliases.add(word);
        return this;
    }

    /** Instead of what the route says. */
    public VerbSketch about(String sentence) {
        about = sentence;
        return this;
    }

    /** A field of the body that stands at its place, without a name; a list takes all that stands there. */
    public VerbSketch argument(String field) {
        arguments.add(field);
        return this;
    }

    /** A field is called otherwise by people: {@code --environment} for {@code environmentId}. */
    public VerbSketch called(String field, String option) {
        called.put(field, option);
        return this;
    }

    /** A field names one of these. */
    public VerbSketch names(String field, String noun) {
        references.put(field, noun);
        return this;
    }

    /** The last argument can be given again; there is a request for each. */
    public VerbSketch many() {
        many = true;
        return this;
    }

    /** A field of the body that is always the same. */
    public VerbSketch preset(String field, String value) {
        preset.put(field, value);
        return this;
    }

    /** Only these fields of the body are options. */
    public VerbSketch only(String... names) {
        fields = Set.of(names);
        return this;
    }

    /** {@code none} takes away what the field says. */
    public VerbSketch removable(String... names) {
        removable.addAll(List.of(names));
        return this;
    }

    /** {@code -} reads the field from the input: a text of many lines. */
    public VerbSketch input(String field) {
        input.add(field);
        return this;
    }

    /** A list whose first page is what people look for. */
    public VerbSketch newest() {
        newest = true;
        return this;
    }

    /** Fields of each item that people see; {@code TITLE=field} where the field's name is not the title. */
    public VerbSketch columns(String... wanted) {
        for (String column : wanted) {
            int equals = column.indexOf('=');
            columns.add(
                    equals < 0
                            ? new Verb.Column(Verb.title(column), column)
                            : new Verb.Column(column.substring(0, equals), column.substring(equals + 1)));
        }
        return this;
    }

    /** A person at a terminal is asked this before, and answers yes; it may name what was typed. */
    public VerbSketch asks(String question) {
        asks = question;
        return this;
    }

    public VerbSketch done(String sentence) {
        done = sentence;
        return this;
    }

    /** The answer says by a field whether it is good; the sentences may name its fields. */
    public VerbSketch verdict(String field, String good, String bad, int status) {
        verdict = new Verb.Verdict(field, good, bad, status, "");
        return this;
    }

    /** The same, of an answer that has rows to show. */
    public VerbSketch verdict(String field, String good, String bad, int status, String rows) {
        verdict = new Verb.Verdict(field, good, bad, status, rows);
        return this;
    }

    Verb of(Route route) {
        boolean merges = route.method().equals("PUT") && options(route, true).size() > 1;
        return new Verb(
                noun,
                name,
                List.copyOf(aliases),
                about == null ? route.about() : about,
                route.method(),
                route.path(),
                Collections.unmodifiableMap(preset),
                arguments(route),
                options(route, merges),
                form(route),
                merges,
                List.copyOf(columns),
                done,
                verdict,
                asks);
    }

    private Verb.Form form(Route route) {
        if (route.answers().containsKey(202)) {
            return Verb.Form.OPERATION;
        }
        return route.answers().values().stream()
                .map(content -> switch (content.form()) {
                    case LIST -> newest ? Verb.Form.NEWEST : Verb.Form.LIST;
                    case VALUE -> Verb.Form.ITEM;
                    default -> Verb.Form.NOTHING;
                })
                .findFirst()
                .orElse(Verb.Form.NOTHING);
    }

    private List<Verb.Argument> arguments(Route route) {
        List<Verb.Argument> all = new ArrayList<>();
        route.segments().stream().filter(Route::isVariable).map(Route::variable).forEach(variable -> {
            String reference = references.getOrDefault(variable, noun);
            all.add(new Verb.Argument(
                    variable, NAMED.getOrDefault(reference, ""), Verb.Place.PATH, reference, false, false));
        });
        for (String field : arguments) {
            RecordComponent component = field(route, field);
            boolean list = List.class.isAssignableFrom(component.getType());
            boolean machines = list && element(component.getGenericType()) == ResourceRef.class;
            all.add(new Verb.Argument(
                    field,
                    component.getAnnotation(About.class).value(),
                    Verb.Place.BODY,
                    references.getOrDefault(field, machines ? "resource" : ""),
                    list,
                    list && component.getAnnotation(About.class).optional()));
        }
        if (many) {
            Verb.Argument last = all.remove(all.size() - 1);
            all.add(new Verb.Argument(last.field(), last.about(), last.place(), last.reference(), true, false));
        }
        route.query().stream()
                .filter(parameter -> isWords(route, parameter))
                .forEach(parameter -> all.add(new Verb.Argument(
                        parameter.name(),
                        sentence(parameter.about()),
                        Verb.Place.QUERY,
                        "",
                        true,
                        !parameter.needed())));
        return all;
    }

    /** Whether it is what is left of the line; where that names things, it is an option. */
    private static boolean isWords(Route route, QueryParameter<?> parameter) {
        return parameter.name().equals(ListQuery.QUERY) && route.method().equals("GET");
    }

    private RecordComponent field(Route route, String name) {
        return Arrays.stream(route.takes().type().getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(route.path() + " takes no field " + name));
    }

    private List<Verb.Option> options(Route route, boolean merges) {
        List<Verb.Option> options = new ArrayList<>();
        for (QueryParameter<?> parameter : route.query()) {
            if (!Set.of("limit", "after", "fields", "wait").contains(parameter.name()) && !isWords(route, parameter)) {
                options.add(new Verb.Option(
                        name(parameter.name(), false),
                        sentence(parameter.about()),
                        Verb.Place.QUERY,
                        parameter.name(),
                        kind(parameter.type()),
                        parameter.words(),
                        references.getOrDefault(parameter.name(), ""),
                        false,
                        parameter.needed(),
                        false,
                        false));
            }
        }
        for (CommandField field : route.takes().fields()) {
            options.add(new Verb.Option(
                    name(field.name(), false),
                    sentence(field.about()),
                    Verb.Place.BODY,
                    field.name(),
                    field.type() == CommandField.Type.FLAG
                            ? Verb.Kind.FLAG
                            : field.type() == CommandField.Type.NUMBER ? Verb.Kind.NUMBER : Verb.Kind.TEXT,
                    field.words(),
                    "",
                    false,
                    !field.isOptional(),
                    false,
                    false));
        }
        if (route.takes().type() != null) {
            fields(route.takes().type(), "", merges, route.method().equals("PUT"), options);
        }
        return List.copyOf(options);
    }

    private void fields(Class<?> type, String prefix, boolean merges, boolean put, List<Verb.Option> options) {
        for (RecordComponent component : type.getRecordComponents()) {
            String field = prefix + component.getName();
            boolean left = arguments.contains(field)
                    || preset.containsKey(field)
                    || fields != null && !fields.contains(field)
                    || prefix.isEmpty() && put && field.equals("name");
            if (left) {
                continue;
            }
            if (component.getType().isRecord() && component.getType() != ResourceRef.class) {
                fields(component.getType(), field + ".", merges, put, options);
                continue;
            }
            boolean list = List.class.isAssignableFrom(component.getType());
            Class<?> value = list ? element(component.getGenericType()) : component.getType();
            About said = component.getAnnotation(About.class);
            options.add(new Verb.Option(
                    name(field, list),
                    sentence(said.value() + (input.contains(field) ? "; - reads it from the input" : "")),
                    Verb.Place.BODY,
                    field,
                    kind(value),
                    value.isEnum() ? Words.all(value) : List.of(),
                    references.getOrDefault(field, value == ResourceRef.class ? "resource" : ""),
                    list,
                    (!said.optional() || put) && !merges && prefix.isEmpty(),
                    removable.contains(field),
                    input.contains(field)));
        }
    }

    private String name(String field, boolean list) {
        String name = called.containsKey(field) ? called.get(field) : Verb.dashed(field);
        return "--" + (list && name.endsWith("s") ? name.substring(0, name.length() - 1) : name);
    }

    private static String sentence(String about) {
        return about.isEmpty()
                ? ""
                : about.substring(0, 1).toUpperCase(Locale.ROOT)
                        + about.substring(1)
                        + (about.endsWith(".") ? "" : ".");
    }

    private static Class<?> element(Type list) {
        Type element = ((ParameterizedType) list).getActualTypeArguments()[0];
        return element instanceof Class<?> type ? type : String.class;
    }

    private static Verb.Kind kind(Class<?> type) {
        if (type == Boolean.class || type == boolean.class) {
            return Verb.Kind.FLAG;
        }
        return Number.class.isAssignableFrom(type) || type == int.class || type == long.class
                ? Verb.Kind.NUMBER
                : Verb.Kind.TEXT;
    }
}
