package org.qrm.cli.internal;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Screen;
import org.qrm.commands.line.Verb;
import org.qrm.commands.line.Verbs;
import org.qrm.commands.line.noun.Nouns;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the command line: options that every command takes, and the nouns. */
@Command(
        name = "qrm",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = "Works with a QRM server over its REST interface.",
        synopsisSubcommandLabel = "NOUN VERB",
        footer = {
            "",
            "Where the server is and who asks: QRM_URL (default https://127.0.0.1:8443), QRM_USER (admin),",
            "QRM_PASSWORD or QRM_TOKEN, QRM_CACERT; or a file with such lines, closed to others, named by QRM_CREDENTIALS.",
            "",
            "Exit status: 0 done, 1 failed, 2 malformed, 3 no such thing, 4 refused in this state,",
            "5 server not reachable, 6 not authenticated or not allowed."
        })
public final class CommandLineOfQrm {

    /** Verbs that the server's description does not make, since they do more than to ask it. */
    private static final Map<String, Function<Session, Object>> BY_HAND = byHand();

    private static final Map<String, String> LONG = Map.of("ve", "virtual-environment");
    private static final String CONFIGURATOR = "configurator";

    @Option(names = "--url", paramLabel = "URL", scope = ScopeType.INHERIT, description = "Address of the server.")
    private String url;

    @Option(names = "--user", paramLabel = "USER", scope = ScopeType.INHERIT, description = "Who asks.")
    private String user;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "PEM file with the authority that signed the server's certificate.")
    private Path caCertificate;

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "File with QRM_URL=, QRM_USER=, QRM_PASSWORD=, QRM_TOKEN=, QRM_CACERT= lines.")
    private Path credentials;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            scope = ScopeType.INHERIT,
            description = "How answers are written: ${COMPLETION-CANDIDATES}.")
    private Screen.Format format;

    @Option(
            names = "--columns",
            paramLabel = "COLUMN,...",
            split = ",",
            scope = ScopeType.INHERIT,
            description = "Only these columns of a list, by title or by the name of a field.")
    private List<String> columns;

    @Option(names = "--no-headers", scope = ScopeType.INHERIT, description = "A table without its line of titles.")
    private boolean noHeaders;

    private CommandLineOfQrm() {}

    /** Carries out a command line and returns the exit status. */
    public static int run(String... arguments) {
        return run(arguments, Session.Place.ofThisProcess());
    }

    static int run(String[] arguments, Session.Place place) {
        Wanted wanted = Wanted.by(arguments);
        if (wanted == Wanted.EVERYTHING) {
            return runWhole(arguments, place);
        }
        CommandLine narrow = new CommandLineOfQrm().line(place, wanted, Map.of());
        // what the narrow one does not understand, the whole one understands or refuses
        narrow.setParameterExceptionHandler((problem, words) -> runWhole(words, place));
        return narrow.execute(arguments);
    }

    private static int runWhole(String[] arguments, Session.Place place) {
        CommandLineOfQrm root = new CommandLineOfQrm();
        CommandLine whole = root.line(place, Wanted.EVERYTHING, Map.of());
        Map<String, List<Verb>> brought = root.ofPlugins(unknownNoun(whole, arguments), place);
        return brought.isEmpty()
                ? whole.execute(arguments)
                : new CommandLineOfQrm().line(place, Wanted.EVERYTHING, brought).execute(arguments);
    }

    /** A word in the place of a noun that is none of the server itself; empty for none. */
    private static String unknownNoun(CommandLine whole, String... arguments) {
        try {
            whole.parseArgs(Arrays.stream(arguments)
                    .filter(word -> !word.equals("--help") && !word.equals("-h"))
                    .toArray(String[]::new));
            return "";
        } catch (UnmatchedArgumentException unmatched) {
            return unmatched.getCommandLine() == whole
                    ? unmatched.getUnmatched().get(0)
                    : "";
        } catch (ParameterException malformed) {
            return "";
        }
    }

    /** What the server's plug-ins bring under that noun; nothing where it cannot be asked. */
    private Map<String, List<Verb>> ofPlugins(String noun, Session.Place place) {
        if (!noun.matches("[a-z][a-z0-9-]{0,31}")) {
            return Map.of();
        }
        try {
            Session session = new Session(place, this::options, () -> form(place));
            Map<String, List<Verb>> brought = PluginVerbs.of(session.rest(), place.environment());
            return brought.containsKey(noun) ? Map.of(noun, brought.get(noun)) : Map.of();
        } catch (Failure unknown) {
            return Map.of();
        }
    }

    /** All nouns and verbs of the server itself. */
    static CommandLine whole(Session.Place place) {
        return new CommandLineOfQrm().line(place, Wanted.EVERYTHING, Map.of());
    }

    private CommandLine line(Session.Place place, Wanted wanted, Map<String, List<Verb>> brought) {
        CommandLine line = new CommandLine(this);
        Session session = new Session(place, this::options, () -> form(place));
        Verbs.nouns().forEach((name, about) -> {
            if (wanted.noun(name)) {
                Object byHand = BY_HAND.getOrDefault(name, none -> null).apply(session);
                CommandLine added = wanted.verbs(name, about, Verbs.of(name), byHand, session);
                if (LONG.containsKey(name)) {
                    line.addSubcommand(name, added, LONG.get(name));
                } else {
                    line.addSubcommand(name, added);
                }
            }
        });
        brought.forEach((name, verbs) -> line.addSubcommand(
                name, wanted.verbs(name, "Commands of the plug-in " + name + ".", verbs, null, session)));
        if (wanted.noun(CONFIGURATOR)) {
            line.addSubcommand(CONFIGURATOR, new CommandLine(new ConfiguratorCommand(session)));
        }
        line.getCommandSpec().versionProvider(() -> new String[] {"QRM " + place.version()});
        line.setOut(place.writer());
        line.setErr(place.errorWriter());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setAllowSubcommandsAsOptionParameters(true);
        line.setExecutionExceptionHandler((exception, where, parsed) -> failed(exception, place));
        return line;
    }

    private Account.Options options() {
        return new Account.Options(url, user, caCertificate, credentials);
    }

    private static int failed(Exception exception, Session.Place place) {
        if (exception instanceof Failure failure) {
            place.err().println(failure.getMessage());
            return failure.status();
        }
        place.err().println("This is a fault of qrm: " + exception);
        exception.printStackTrace(place.err());
        return Failure.FAILED;
    }

    private Screen.Form form(Session.Place place) {
        return new Screen.Form(
                format,
                place.width(),
                place.height(),
                place.colours(),
                columns == null ? List.of() : columns,
                !noHeaders);
    }

    /** The noun that a word means, or null. */
    static String noun(String word) {
        if (word.equals(CONFIGURATOR) || Verbs.nouns().containsKey(word)) {
            return word;
        }
        return LONG.entrySet().stream()
                .filter(each -> each.getValue().equals(word))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Function<Session, Object>> byHand() {
        Map<String, Function<Session, Object>> nouns = new LinkedHashMap<>();
        Nouns.nouns().forEach((noun, verbs) -> nouns.put(noun, verbs::apply));
        nouns.put("resource", ResourceTerminals::new);
        nouns.put("partition", PartitionTerminals::new);
        return nouns;
    }
}
