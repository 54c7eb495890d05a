package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plugin}. */
@Command(name = "plugin", description = "Plug-ins: their life cycle and their configuration.")
public final class PluginNoun {

    private final Nouns.Face face;

    PluginNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(name = "wizard", description = "Shows the questions of its wizard with the answers given so far.")
    public int wizard(@Parameters(paramLabel = "PLUG-IN") String plugin) {
        JsonNode wizard = face.far().get(wizardOf(plugin));
        if (face.screen().json()) {
            face.screen().answer(wizard);
            return 0;
        }
        JsonNode before = WizardForm.before(wizard);
        face.screen()
                .list(
                        Nouns.object().set("items", wizard.path("questions")),
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
    public int configure(
            @Parameters(paramLabel = "PLUG-IN") String plugin,
            @Parameters(paramLabel = "NAME=ANSWER", arity = "0..*") Map<String, String> answers,
            @Option(names = "--wizard", description = "Ask each question.") boolean ask) {
        if (ask || answers == null) {
            return face.ask(plugin);
        }
        ObjectNode given = WizardForm.before(face.far().get(wizardOf(plugin)));
        answers.forEach(given::put);
        JsonNode answer = face.far().put(wizardOf(plugin), WizardForm.body(given));
        return face.screen().told(answer, WizardForm.accepted(plugin, answer));
    }

    @Command(
            name = "add-file",
            description = "Installs a plug-in's bundle from its jar file, or updates it; ends when it is at work.")
    public int addFile(
            @Parameters(paramLabel = "FILE", description = "The jar file on this host.") Path file,
            @Option(names = "--as", paramLabel = "NAME", description = "Its name there; as here unless given.")
                    String as,
            @Option(
                            names = "--sha256",
                            paramLabel = "DIGEST",
                            description =
                                    "Its digest as its maker tells it; another file is refused, and none is taken without,"
                                            + " unless the server brought it or knows its signer.")
                    String told) {
        String name = as == null ? String.valueOf(file.getFileName()) : as;
        String query = told == null ? "" : "?sha256=" + Far.encoded(told);
        JsonNode added = face.far().upload("/plugin-files/" + Far.encoded(name) + query, file);
        String brought = Screen.plain(added.path("plugins")).replace(',', ' ');
        return face.screen()
                .told(
                        added,
                        name + " is at work, "
                                + (brought.isEmpty() ? "and brings no plug-in." : "and brings: " + brought + "."));
    }

    private static String wizardOf(String plugin) {
        return "/plugins/" + Far.encoded(plugin) + "/wizard";
    }
}
