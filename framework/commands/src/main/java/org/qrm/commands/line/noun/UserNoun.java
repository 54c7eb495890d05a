package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code user}. */
@Command(name = "user", description = "Who may log in.")
public final class UserNoun {

    private static final String PATH = "/users";

    private final Nouns.Face face;

    UserNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(name = "create", description = "Makes a user known; the password is asked for, or read from the input.")
    public int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--role",
                            paramLabel = "viewer|operator|admin",
                            required = true,
                            description = "What the user may do.")
                    String role) {
        ObjectNode body = Nouns.object()
                .put("name", name)
                .put("role", role)
                .put("password", face.secret("New password of " + name));
        return face.screen().told(face.far().post(PATH, body), "User " + name + " is created.");
    }

    @Command(
            name = "password",
            description = "Sets a password, one's own or as admin anybody's; asked for, or read from the input.")
    public int password(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--revoke-tokens", description = "Revokes the user's tokens too.") boolean revoke) {
        ObjectNode body = Nouns.object();
        if (revoke) {
            body.put("revokeTokens", true);
        }
        JsonNode caller = face.session();
        if (name.equals(caller.path("user").asText())) {
            String known = face.password();
            body.put("currentPassword", known == null ? face.knownSecret("Present password") : known);
        }
        body.put("password", face.secret("New password of " + name));
        // with the first password nothing can be looked up, and no token was made
        boolean mayHave = !revoke && !caller.path("firstPassword").asBoolean();
        boolean tokens = mayHave && hasTokens(name); // asked now: one's own old password opens nothing afterwards
        JsonNode answer = face.far().post(path(name) + "/password", body);
        return face.screen()
                .told(
                        answer,
                        "User " + name + " has another password."
                                + (tokens
                                        ? " Tokens of " + name + " live on; " + face.typed("user", "revoke-tokens")
                                                + " " + name + " revokes them."
                                        : ""));
    }

    @Command(
            name = "add-key",
            description = "Lets a user log in at the SSH console by a public key, beside the password.")
    public int addKey(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "FILE", description = "The .pub file on this host; - for the input.")
                    String file) {
        String text = text(file);
        if (text.contains("PRIVATE KEY")) {
            throw Failure.usage(file + " is a private key; nothing was sent. Give the file that ends in .pub.");
        }
        List<String> keys = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        if (keys.size() != 1) {
            throw Failure.usage(file + " has " + keys.size() + " lines that could be keys; give one at a time.");
        }
        JsonNode added = face.far().post(path(name) + "/keys", Nouns.object().put("key", keys.get(0)));
        return face.screen()
                .told(
                        added,
                        name + " has the key " + added.path("fingerprint").asText() + " ("
                                + added.path("type").asText() + ", "
                                + added.path("bits").asText() + " bits).");
    }

    private String text(String file) {
        try {
            return file.equals("-") ? face.input() : Nouns.text(Path.of(file));
        } catch (IOException e) {
            throw Nouns.unreadable(file, e);
        }
    }

    private boolean hasTokens(String name) {
        return !face.far()
                .get("/tokens?limit=1&user=" + Far.encoded(name))
                .path("items")
                .isEmpty();
    }

    private static String path(String name) {
        return PATH + "/" + Far.encoded(name);
    }
}
