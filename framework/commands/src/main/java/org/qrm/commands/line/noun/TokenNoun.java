package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token}. */
@Command(name = "token", description = "What programs log in with instead of a password, as QRM_TOKEN.")
public final class TokenNoun {

    private final Nouns.Face face;

    TokenNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(name = "create", description = "Makes a token and writes its secret, which nobody tells again.")
    public int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--role",
                            paramLabel = "viewer|operator|admin",
                            required = true,
                            description = "viewer, operator or admin; not above that of the user")
                    String role,
            @Option(names = "--days", defaultValue = "90", description = "How long it lasts; 90 unless given.")
                    int days,
            @Option(
                            names = "--of",
                            paramLabel = "USER",
                            description = "Whose it is; one's own unless given. An admin makes them for all.")
                    String user) {
        ObjectNode body = Nouns.object().put("name", name).put("role", role).put("days", days);
        if (user != null) {
            body.put("user", user);
        }
        JsonNode made = face.far().post("/tokens", body);
        if (face.screen().json()) {
            face.screen().answer(made);
        } else {
            face.screen().text(made.path("secret").asText());
        }
        return 0;
    }
}
