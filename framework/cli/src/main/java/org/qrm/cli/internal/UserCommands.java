package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm user}. */
@Command(name = "user", description = "Who may log in.")
final class UserCommands {

    private static final String PATH = "/users";
    private final Session session;

    UserCommands(Session session) {
        this.session = session;
    }

    @Command(name = "create", description = "Makes a user known; the password is asked for, or read from the input.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--role", required = true, description = "viewer, operator or admin") String role) {
        ObjectNode body = Rest.JSON
                .createObjectNode()
                .put("name", name)
                .put("role", role)
                .put("password", SecretInput.read(session.in(), "New password of " + name));
        return shown(session.rest().post(PATH, body), "User " + name + " is created.");
    }

    @Command(
            name = "password",
            description = "Sets a password, one's own or as admin anybody's; asked for, or read from the input.")
    int password(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--revoke-tokens", description = "Revokes the user's tokens too.") boolean revoke) {
        ObjectNode body = Rest.JSON.createObjectNode();
        if (revoke) {
            body.put("revokeTokens", true);
        }
        JsonNode caller = session.rest().get("/session");
        if (name.equals(caller.path("user").asText())) {
            body.put("currentPassword", presentPassword());
        }
        body.put("password", SecretInput.read(session.in(), "New password of " + name));
        // with the first password nothing can be looked up, and no token was made
        boolean mayHave = !revoke && !caller.path("firstPassword").asBoolean();
        boolean tokens = mayHave && hasTokens(name); // asked now: one's own old password opens nothing afterwards
        session.rest().post(path(name) + "/password", body);
        session.screen()
                .sentence("User " + name + " has another password."
                        + (tokens
                                ? " Tokens of " + name + " live on; qrm user revoke-tokens " + name + " revokes them."
                                : ""));
        return 0;
    }

    private boolean hasTokens(String name) {
        return !session.rest()
                .get("/tokens?limit=1&user=" + Far.encoded(name))
                .path("items")
                .isEmpty();
    }

    private String presentPassword() {
        String known = session.rest().account().password();
        return known == null ? SecretInput.readOnce(session.in(), "Present password") : known;
    }

    private int shown(JsonNode user, String sentence) {
        if (session.screen().json()) {
            session.screen().answer(user);
        }
        session.screen().sentence(sentence);
        return 0;
    }

    private static String path(String name) {
        return PATH + "/" + Far.encoded(name);
    }
}
