package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm token}. */
@Command(name = "token", description = "What programs log in with instead of a password, as QRM_TOKEN.")
final class TokenCommands {

    private static final String PATH = "/tokens";
    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("ID", "id"),
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("USER", "user"),
            Screen.Column.of("ROLE", "role"),
            Screen.Column.of("CREATED", "created"),
            Screen.Column.of("EXPIRES", "expires"));

    private final Session session;

    TokenCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists one's own tokens, as admin everybody's.")
    int list() {
        session.screen().list(session.rest().list(PATH, Map.of()), COLUMNS);
        return 0;
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

    @Command(name = "revoke", description = "Ends a token.")
    int revoke(@Parameters(paramLabel = "ID") long id) {
        session.rest().delete(PATH + "/" + id);
        session.screen().sentence("Token " + id + " is revoked.");
        return 0;
    }
}
