package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm token}. */
@Command(name = "token", description = "What programs log in with instead of a password, as QRM_TOKEN.")
final class TokenCommands {

    private static final String PATH = "/tokens";
    private final Session session;

    TokenCommands(Session session) {
        this.session = session;
    }

    @Command(name = "create", description = "Makes a token and writes its secret, which nobody tells again.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--role", required = true, description = "viewer, operator or admin; not above one's own")
                    String role,
            @Option(names = "--days", defaultValue = "90", description = "How long it lasts; 90 unless given.")
                    int days) {
        ObjectNode body =
                Rest.JSON.createObjectNode().put("name", name).put("role", role).put("days", days);
        JsonNode made = session.rest().post(PATH, body);
        if (session.screen().json()) {
            session.screen().answer(made);
        } else {
            session.out().println(made.path("secret").asText());
        }
        return 0;
    }
}
