package org.qrm.cli.internal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

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

    // a noun's class is loaded when it is asked for
    private static final Map<String, Function<Session, Object>> NOUNS = nouns();
    private static final Map<String, String> SHORT = Map.of("virtual-environment", "ve");

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
            paramLabel = "table|json",
            defaultValue = "table",
            scope = ScopeType.INHERIT,
            description = "How answers are written: ${COMPLETION-CANDIDATES}.")
    private Screen.Format format;

    private CommandLineOfQrm() {}

    /** Carries out a command line and returns the exit status. */
    public static int run(String... arguments) {
        return run(arguments, Session.Place.ofThisProcess());
    }

    static int run(String[] arguments, Session.Place place) {
        CommandLine narrow = commandLine(place, Wanted.by(arguments));
        // what the narrow one does not understand, the whole one understands or refuses
        narrow.setParameterExceptionHandler((problem, words) -> whole(place).execute(words));
        return narrow.execute(arguments);
    }

    /** All nouns and verbs. */
    static CommandLine whole(Session.Place place) {
        return commandLine(place, Wanted.EVERYTHING);
    }

    private static CommandLine commandLine(Session.Place place, Wanted wanted) {
        CommandLineOfQrm root = new CommandLineOfQrm();
        CommandLine line = new CommandLine(root);
        Session session = new Session(place, root::options, () -> root.format);
        NOUNS.forEach((name, commands) -> {
            if (wanted.noun(name)) {
                CommandLine added = wanted.verbs(commands.apply(session));
                if (SHORT.containsKey(name)) {
                    line.addSubcommand(SHORT.get(name), added, name);
                } else {
                    line.addSubcommand(name, added);
                }
            }
        });
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

    /** The noun that a word means, or null. */
    static String noun(String word) {
        return NOUNS.containsKey(word)
                ? word
                : NOUNS.keySet().stream()
                        .filter(name -> word.equals(SHORT.get(name)))
                        .findFirst()
                        .orElse(null);
    }

    private static Map<String, Function<Session, Object>> nouns() {
        Map<String, Function<Session, Object>> nouns = new LinkedHashMap<>();
        nouns.put("resource", ResourceCommands::new);
        nouns.put("partition", PartitionCommands::new);
        nouns.put("virtual-environment", EnvironmentCommands::new);
        nouns.put("boot-image", BootImageCommands::new);
        nouns.put("filesystem-image", FilesystemImageCommands::new);
        nouns.put("storage-server", StorageServerCommands::new);
        nouns.put("plugin", PluginCommands::new);
        nouns.put("operation", OperationCommands::new);
        nouns.put("event", EventCommands::new);
        nouns.put("user", UserCommands::new);
        nouns.put("token", TokenCommands::new);
        nouns.put("audit", AuditCommands::new);
        nouns.put("server", ServerCommands::new);
        nouns.put("configurator", ConfiguratorCommand::new);
        return nouns;
    }
}
