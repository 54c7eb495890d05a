package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Verb;
import org.qrm.commands.line.VerbLine;
import org.qrm.commands.line.Work;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Verbs that the server's description does not make, since they do more than to ask it once: by their nouns. */
public final class Nouns {

    private static final Map<String, Function<Face, Object>> NOUNS = new TreeMap<>(Map.ofEntries(
            Map.entry("boot-image", BootImageNoun::new),
            Map.entry("expected-machine", ExpectedMachineNoun::new),
            Map.entry("filesystem-image", FilesystemImageNoun::new),
            Map.entry("operation", OperationNoun::new),
            Map.entry("partition", PartitionNoun::new),
            Map.entry("plugin", PluginNoun::new),
            Map.entry("resource", ResourceNoun::new),
            Map.entry("subscription", SubscriptionNoun::new),
            Map.entry("token", TokenNoun::new),
            Map.entry("user", UserNoun::new),
            Map.entry("ve", EnvironmentNoun::new)));

    /** What words name besides things of the server: a file here. */
    public static final String FILE = "file";

    /** A secret argument of the environment before it. */
    public static final String SECRET_ARGUMENT = "secret-argument";

    /** A question about the machine that the first word names. */
    public static final String SETTING = "setting";

    private Nouns() {}

    /** What these verbs need besides. */
    public interface Face extends VerbLine.Face {

        /** How people type a verb here, {@code qrm user create}. */
        String typed(String noun, String verb);

        @Override
        default String typed() {
            return typed("operation", "%s");
        }

        /** A secret that is typed twice, unseen; where nobody can, a line of the input. */
        String secret(String prompt);

        /** One that is known already, and typed once. */
        String knownSecret(String prompt);

        /** The answer of {@code GET /session}. */
        JsonNode session();

        /** The password of who asks, as far as this face knows it; else null. */
        default String password() {
            return null;
        }

        /**
         * Asks the questions of a plug-in's wizard one by one.
         *
         * @return the exit status
         */
        default int ask(String plugin) {
            throw Failure.usage(
                    "Which answers? Write NAME=ANSWER for each; see " + typed("plugin", "wizard") + " " + plugin + ".");
        }

        default Work work() {
            return new Work(far(), screen(), typed());
        }
    }

    /** Nouns, each with what has its verbs as methods. */
    public static Map<String, Function<Face, Object>> nouns() {
        return NOUNS;
    }

    /** Those methods. */
    public static List<Method> verbs(Class<?> noun) {
        return Arrays.stream(noun.getMethods())
                .filter(method -> method.isAnnotationPresent(Command.class))
                .toList();
    }

    /** Such a method as a command that carries itself out, with the exit status of {@code bin/qrm}. */
    public static CommandLine line(Method verb, Object noun) {
        CommandLine.IFactory usual = CommandLine.defaultFactory();
        CommandLine line = new CommandLine(verb, new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return type.isInstance(noun) ? type.cast(noun) : usual.create(type);
            }
        });
        // picocli's own options of help would have to come before those of the method
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .type(boolean.class)
                        .description("Show this help message and exit.")
                        .build());
        line.getCommandSpec().usageMessage().autoWidth(true);
        return line;
    }

    /** Its words alone, for who completes them; it leads to no request. */
    public static Verb sketch(String noun, Method verb) {
        CommandSpec spec = line(verb, null).getCommandSpec();
        ObjectNode sketch = object().put("noun", noun)
                .put("name", spec.name())
                .put("about", String.join(" ", spec.usageMessage().description()))
                .put("answer", Verb.Form.ITEM.name());
        ArrayNode arguments = sketch.putArray("arguments");
        for (PositionalParamSpec word : spec.positionalParameters()) {
            arguments
                    .addObject()
                    .put("field", word.paramLabel())
                    .put("about", String.join(" ", word.description()))
                    .put("place", Verb.Place.PATH.name())
                    .put(
                            "reference",
                            word.type() == Path.class ? FILE : reference(noun, spec.name(), word.paramLabel()))
                    .put("many", word.arity().max() > 1)
                    .put("optional", word.arity().min() == 0);
        }
        ArrayNode options = sketch.putArray("options");
        for (OptionSpec option : spec.options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                describe(option, options.addObject());
            }
        }
        return Verb.read(JsonNodeFactory.instance.arrayNode().add(sketch)).get(0);
    }

    /** What a word names one of: it is labelled so. The name of what is made is new. */
    private static String reference(String noun, String verb, String label) {
        return switch (label) {
            case "NAME" -> verb.equals("create") ? "" : noun;
            case "ID" -> noun;
            case "FILE" -> FILE;
            case "ARGUMENT" -> SECRET_ARGUMENT;
            case "NAME=ANSWER" -> noun.equals("resource") ? SETTING : "";
            case "LINE" -> "";
            default -> label.toLowerCase(Locale.ROOT).replace("plug-in", "plugin");
        };
    }

    private static void describe(OptionSpec option, ObjectNode into) {
        String name = option.longestName();
        into.put("name", name)
                .put("about", String.join(" ", option.description()))
                .put("place", Verb.Place.QUERY.name())
                .put("field", name)
                .put("kind", (option.arity().max() == 0 ? Verb.Kind.FLAG : Verb.Kind.TEXT).name())
                .put(
                        "reference",
                        switch (name) {
                            case "--of" -> "user";
                            case "--storage-server" -> "storage-server";
                            default -> "";
                        })
                .put("many", option.arity().max() > 1)
                .put("needed", option.required());
        ArrayNode words = into.putArray("words");
        if (option.paramLabel().contains("|")) {
            Arrays.stream(option.paramLabel().split("\\|")).forEach(words::add);
        }
    }

    /** What stands in a file here. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static Failure unreadable(Object file, IOException why) {
        return Failure.usage("Cannot read " + file + ": " + why.getMessage());
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
