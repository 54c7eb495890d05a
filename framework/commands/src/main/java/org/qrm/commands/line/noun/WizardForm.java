package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers to a plug-in's wizard, as they are asked for and sent. */
public final class WizardForm {

    private WizardForm() {}

    /** What was answered before, and is not answered anew. */
    public static ObjectNode before(JsonNode wizard) {
        return given(wizard, "answers").setAll(given(wizard, "draft"));
    }

    /** @param which {@code answers}, or the {@code draft} of a wizard that somebody left */
    public static ObjectNode given(JsonNode wizard, String which) {
        ObjectNode given = Nouns.object();
        wizard.path(which).properties().forEach(each -> given.set(each.getKey(), each.getValue()));
        return given;
    }

    /** The body of the request that carries answers. */
    public static ObjectNode body(ObjectNode answers) {
        return Nouns.object().set("answers", answers);
    }

    /** What is said when the server took the answers: also what they change, and when, if that is known. */
    public static String accepted(String plugin, JsonNode wizard) {
        return ("Plug-in " + plugin + " is configured. " + wizard.path("effect").asText("")).strip();
    }
}
