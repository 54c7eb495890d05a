package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ve}. */
@Command(name = "ve", description = "Virtual environments.")
public final class EnvironmentNoun {

    private final Nouns.Face face;

    EnvironmentNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(
            name = "set-secret",
            description = "Sets an argument that only its machines are told; asked for, or read from the input.")
    public int setSecret(
            @Parameters(paramLabel = "NAME") String name, @Parameters(paramLabel = "ARGUMENT") String argument) {
        JsonNode changed = face.far()
                .put(
                        "/virtual-environments/" + Far.encoded(name) + "/secret-arguments/" + Far.encoded(argument),
                        Nouns.object().put("value", face.secret("Value of " + argument)));
        return face.screen().told(changed, "Secret argument " + argument + " of " + name + " is set.");
    }
}
