package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm plugin}. */
@Command(name = "plugin", description = "Plug-ins: their life cycle and their configuration.")
final class PluginCommands {

    static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("ID", "id"),
            Screen.Column.of("VERSION", "version"),
            Screen.Column.of("STATE", "state"),
            new Screen.Column("PRESENT", item -> item.path("present").asBoolean() ? "yes" : "no"),
            new Screen.Column("WIZARD", item -> item.path("configurable").asBoolean() ? "yes" : ""),
            Screen.Column.of("DESCRIPTION", "description"));

    private static final String FILES = "/plugin-files";
    private static final List<Screen.Column> FILE_COLUMNS = List.of(
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("BUNDLE", "symbolicName"),
            Screen.Column.of("VERSION", "version"),
            Screen.Column.of("STATE", "state"),
            new Screen.Column("PLUG-INS", PluginCommands::brought),
            Screen.Column.of("REASON", "reason"));

    private final Session session;

    PluginCommands(Session session) {
        this.session = session;
    }

    @Command(name = "wizard", description = "Shows the questions of its wizard with the answers given so far.")
    int wizard(@Parameters(paramLabel = "PLUG-IN") String plugin) {
        JsonNode wizard = session.rest().get(path(plugin) + "/wizard");
        if (session.screen().json()) {
            session.screen().answer(wizard);
            return 0;
        }
        JsonNode before = Wizard.before(wizard);
        session.screen()
                .list(
                        Rest.JSON.createObjectNode().set("items", wizard.path("questions")),
                        List.of(
                                Screen.Column.of("NAME", "name"),
                                new Screen.Column("TYPE", WizardQuestion::kind),
                                new Screen.Column("ANSWER", each -> WizardQuestion.shown(each, before)),
                                Screen.Column.of("DEFAULT", "defaultAnswer"),
                                Screen.Column.of("QUESTION", "text")));
        return 0;
    }

    @Command(
            name = "configure",
            description =
                    "Answers its wizard: NAME=ANSWER for each question; what is not named stays as it was answered.")
    int configure(
            @Parameters(paramLabel = "PLUG-IN") String plugin,
            @Parameters(paramLabel = "NAME=ANSWER", arity = "0..*") Map<String, String> answers,
            @Option(names = "--wizard", description = "Ask each question.") boolean ask) {
        if (ask || answers == null) {
            return new Wizard(session).run(plugin);
        }
        ObjectNode given = Wizard.before(session.rest().get(path(plugin) + "/wizard"));
        answers.forEach(given::put);
        session.screen()
                .sentence(Wizard.accepted(plugin, session.rest().put(path(plugin) + "/wizard", Wizard.body(given))));
        return 0;
    }

    @Command(
            name = "add-file",
            description = "Installs a plug-in's bundle from its jar file, or updates it; ends when it is at work.")
    int addFile(
            @Parameters(paramLabel = "FILE", description = "The jar file on this host.") Path file,
            @Option(names = "--as", paramLabel = "NAME", description = "Its name there; as here unless given.")
                    String as,
            @Option(
                            names = "--sha256",
                            paramLabel = "DIGEST",
                            description = "Its digest as its maker tells it; another file is refused.")
                    String told) {
        String name = as == null ? String.valueOf(file.getFileName()) : as;
        String digest = told == null ? sha256(file) : told;
        JsonNode added =
                session.rest().upload(FILES + "/" + Far.encoded(name) + "?sha256=" + Far.encoded(digest), file);
        if (session.screen().json()) {
            session.screen().answer(added);
        }
        String brought = brought(added);
        session.screen()
                .sentence(name + " is at work, "
                        + (brought.isEmpty() ? "and brings no plug-in." : "and brings: " + brought + "."));
        return 0;
    }

    /** Of the file here, so that the server takes this one and no part of it. */
    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw Failure.usage("Cannot read " + file + ": " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static String brought(JsonNode file) {
        List<String> ids = new ArrayList<>();
        file.path("plugins").forEach(id -> ids.add(id.asText()));
        return String.join(" ", ids);
    }

    static String path(String plugin) {
        return "/plugins/" + Far.encoded(plugin);
    }
}
