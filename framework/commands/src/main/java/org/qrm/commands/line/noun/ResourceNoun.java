package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.TypedAnswers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code resource}. */
@Command(name = "resource", description = "Machines: physical nodes, and partitions of hosts.")
public class ResourceNoun {

    private final Nouns.Face face;

    public ResourceNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(
            name = "configure",
            description = {
                "Tells a plug-in what it must know of a machine; see the verb settings. What is not named stays as it was.",
                "A secret is asked for when the plug-in has none, or when its NAME stands alone; or read from the input, a line for each."
            })
    public int configure(
            @Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource,
            @Parameters(paramLabel = "PLUG-IN") String plugin,
            @Parameters(paramLabel = "NAME=ANSWER", arity = "0..*") List<String> answers) {
        List<TypedAnswers.Question> questions = new ArrayList<>();
        Map<String, String> before = null;
        for (JsonNode each :
                face.far().get(path(resource) + "/settings?limit=1000").path("items")) {
            WizardQuestion question = new WizardQuestion(each);
            if (each.path("plugin").asText().equals(plugin)) {
                questions.add(new TypedAnswers.Question(
                        question.name(),
                        question.secret(),
                        each.path("required").asBoolean()));
                if (each.path("answered").asBoolean()) {
                    before = before == null ? new LinkedHashMap<>() : before;
                    if (!question.secret()) {
                        before.put(question.name(), each.path("answer").asText());
                    }
                }
            }
        }
        ObjectNode given = Nouns.object();
        TypedAnswers.of(questions, before, answers == null ? List.of() : answers, face::secret)
                .forEach(given::put);
        JsonNode answer = face.far().put(path(resource) + "/settings/" + Far.encoded(plugin), WizardForm.body(given));
        return face.screen().told(answer, "Resource " + resource + " is configured for plug-in " + plugin + ".");
    }

    protected static String path(String resource) {
        return "/resources/" + Far.encoded(resource);
    }
}
