package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What is typed for one request: {@code ve start web1 --count 2}. Plain data, so that a command line far from the server
 * can have it, too.
 *
 * @param noun what it is about, {@code ve}
 * @param name the verb, {@code start}
 * @param aliases other words for the verb
 * @param about a sentence
 * @param method HTTP method of the request
 * @param path of the request, {@code /virtual-environments/{name}/actions}
 * @param preset fields of the body that are always the same
 * @param arguments in the order in which they are typed
 * @param options in any order
 * @param answer what comes back
 * @param merges whether the thing is read before, and what is not given stays as it is
 * @param columns of a list; empty for all there is about one thing
 * @param done a sentence for people when it is done, with {@code {name}} for what was typed; empty for none
 * @param verdict how to tell a good answer from a bad one; null where each is good
 * @param asks what a person at a terminal is asked before it is done, with what was typed as in {@code done}; empty for nothing
 */
public record Verb(
        String noun,
        String name,
        List<String> aliases,
        String about,
        String method,
        String path,
        Map<String, String> preset,
        List<Argument> arguments,
        List<Option> options,
        Form answer,
        boolean merges,
        List<Column> columns,
        String done,
        Verdict verdict,
        String asks) {

    /** What an answer is. */
    public enum Form {
        NOTHING,
        ITEM,
        /** All pages of it. */
        LIST,
        /** The first page, as long as is asked for. */
        NEWEST,
        /** An operation, which can be waited for. */
        OPERATION
    }

    /** Where a word goes. */
    public enum Place {
        PATH,
        QUERY,
        BODY
    }

    /** What a word must be. */
    public enum Kind {
        TEXT,
        NUMBER,
        FLAG
    }

    /**
     * A word that must be there.
     *
     * @param field name in the path or body; {@code requirements.cpus} for one within another
     * @param reference the noun that it names one of, or empty
     * @param many whether there may be several: one request for each of the path, a list in the body, one text of all in the query
     * @param optional whether there may be none
     */
    public record Argument(String field, String about, Place place, String reference, boolean many, boolean optional) {
        private static Argument read(JsonNode node) {
            return new Argument(
                    text(node, "field"),
                    text(node, "about"),
                    Place.valueOf(text(node, "place")),
                    text(node, "reference"),
                    node.path("many").asBoolean(),
                    node.path("optional").asBoolean());
        }

        /** Whether there is a request for each of them. */
        public boolean repeats() {
            return many && place == Place.PATH;
        }

        /** {@code NAME}; of one where there may be several. */
        public String label() {
            String label = named();
            return many && place == Place.BODY && label.endsWith("S") ? label.substring(0, label.length() - 1) : label;
        }

        private String named() {
            return dashed(field.equals("id") ? reference : field)
                    .replace('-', '_')
                    .toUpperCase(Locale.ROOT);
        }
    }

    /**
     * A word with a name.
     *
     * @param name {@code --boot-image}
     * @param field name in the query or body
     * @param words those that it may be; empty for any
     * @param reference the noun that it names one of, or empty
     * @param many whether it may be given again
     * @param nothing whether {@code none} takes away what is there
     * @param input whether {@code -} reads it from the input
     */
    public record Option(
            String name,
            String about,
            Place place,
            String field,
            Kind kind,
            List<String> words,
            String reference,
            boolean many,
            boolean needed,
            boolean nothing,
            boolean input) {

        private static Option read(JsonNode node) {
            return new Option(
                    text(node, "name"),
                    text(node, "about"),
                    Place.valueOf(text(node, "place")),
                    text(node, "field"),
                    Kind.valueOf(text(node, "kind")),
                    texts(node, "words"),
                    text(node, "reference"),
                    node.path("many").asBoolean(),
                    node.path("needed").asBoolean(),
                    node.path("nothing").asBoolean(),
                    node.path("input").asBoolean());
        }
    }

    /**
     * A column of a table.
     *
     * @param title {@code BOOT IMAGE}
     * @param field name in each item; {@code nics#} for how many there are, {@code files.name} for the names of all
     */
    public record Column(String title, String field) {

        private static Column read(JsonNode node) {
            return new Column(text(node, "title"), text(node, "field"));
        }
    }

    /**
     * What an answer comes to.
     *
     * @param field true in a good answer
     * @param good a sentence about a good one, with fields of it
     * @param bad a sentence about a bad one
     * @param status the exit status of a bad one
     * @param rows field of the answer that is shown as a table; empty for none
     */
    public record Verdict(String field, String good, String bad, int status, String rows) {

        private static Verdict read(JsonNode node) {
            return new Verdict(
                    text(node, "field"),
                    text(node, "good"),
                    text(node, "bad"),
                    node.path("status").asInt(),
                    text(node, "rows"));
        }
    }

    static final ObjectMapper JSON = new ObjectMapper();

    /** {@code ve start}; one word for a noun that is its own verb. */
    public String words() {
        return alone() ? noun : noun + " " + name;
    }

    /** Whether the noun is its only verb: {@code search}. */
    public boolean alone() {
        return noun.equals(name);
    }

    /** Whether it shows something that changes by itself. */
    public boolean watches() {
        return method.equals("GET")
                && verdict == null
                && (answer == Form.LIST || answer == Form.NEWEST || name.equals("show"));
    }

    /** Whether it lists what comes to be, one after the other. */
    public boolean follows() {
        return answer == Form.NEWEST;
    }

    /**
     * Field by field: to find out how a record is read takes the binding of {@link ObjectMapper} a tenth of a second, which each
     * command would pay for.
     *
     * @throws IllegalArgumentException for a word that none of the enums has
     */
    public static List<Verb> read(JsonNode list) {
        return each(list, Verb::readOne);
    }

    private static Verb readOne(JsonNode verb) {
        Map<String, String> preset = new LinkedHashMap<>();
        verb.path("preset")
                .properties()
                .forEach(field -> preset.put(field.getKey(), field.getValue().asText()));
        return new Verb(
                text(verb, "noun"),
                text(verb, "name"),
                texts(verb, "aliases"),
                text(verb, "about"),
                text(verb, "method"),
                text(verb, "path"),
                preset,
                each(verb.path("arguments"), Argument::read),
                each(verb.path("options"), Option::read),
                Form.valueOf(text(verb, "answer")),
                verb.path("merges").asBoolean(),
                each(verb.path("columns"), Column::read),
                text(verb, "done"),
                verb.path("verdict").isObject() ? Verdict.read(verb.path("verdict")) : null,
                text(verb, "asks"));
    }

    private static <T> List<T> each(JsonNode list, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        list.forEach(node -> all.add(read.apply(node)));
        return all;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    private static List<String> texts(JsonNode node, String field) {
        return each(node.path(field), JsonNode::asText);
    }

    public static JsonNode written(List<Verb> verbs) {
        return JSON.valueToTree(verbs);
    }

    /** A field as the title of a column: {@code requirements.memoryMb} is {@code MEMORY MB}. */
    public static String title(String field) {
        return dashed(field).replace('-', ' ').toUpperCase(Locale.ROOT);
    }

    /** A field as it is typed: {@code requirements.memoryMb} is {@code memory-mb}. */
    public static String dashed(String field) {
        String last = field.substring(field.lastIndexOf('.') + 1);
        return last.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
