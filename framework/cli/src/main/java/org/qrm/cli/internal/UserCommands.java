package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.qrm.commands.line.Failure;
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

    @Command(
            name = "add-key",
            description = "Lets a user log in at the SSH console by a public key, beside the password.")
    int addKey(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "FILE", description = "The .pub file on this host; - for the input.") String file)
            throws IOException {
        String text = file.equals("-")
                ? session.in().lines().collect(Collectors.joining("\n"))
                : Files.readString(Path.of(file));
        if (text.contains("PRIVATE KEY")) {
            throw Failure.usage(file + " is a private key; nothing was sent. Give the file that ends in .pub.");
        }
        List<String> keys = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        if (keys.size() != 1) {
            throw Failure.usage(file + " has " + keys.size() + " lines that could be keys; give one at a time.");
        }
        JsonNode added = session.rest()
                .post(path(name) + "/keys", Rest.JSON.createObjectNode().put("key", keys.get(0)));
        return shown(
                added,
                name + " has the key " + added.path("fingerprint").asText() + " ("
                        + added.path("type").asText() + ", "
                        + added.path("bits").asText() + " bits).");
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
