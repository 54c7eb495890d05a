package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;

/** Every operation of the description, with every role and with none. */
public class RolesOverHttpTest {

    private static final Path DOCUMENTATION = Path.of("..", "..", "docs", "security.md");

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void everyOperationRefusesWhoHasNotLoggedIn() {
        everyOperation((operation, role) -> {
            int status = call(operation, null);
            if (role.equals("none")) {
                assertNotEquals(operation, 401, status);
            } else {
                assertEquals(operation, 401, status);
            }
        });
    }

    @Test
    public void everyOperationTakesTheRolesThatCoverItsOwnAndNoOther() {
        everyOperation((operation, declared) -> {
            for (Role role : Role.values()) {
                boolean may = declared.equals("none") || role.covers(Role.valueOf(declared.toUpperCase(Locale.ROOT)));
                String name = role.name().toLowerCase(Locale.ROOT);
                int status = call(operation, name);
                assertNotEquals(operation, 401, status);
                assertEquals(operation + " as " + name + " is answered with " + status, !may, status == 403);
            }
        });
    }

    @Test
    public void whoHasThePasswordThatTheServerMadeMayChangeItAndNothingElse() {
        Set<String> may = Set.of("POST /session", "GET /session", "DELETE /session", "POST /users/{name}/password");
        everyOperation((operation, declared) -> {
            int status = call(operation, "first");
            assertEquals(operation + " is answered with " + status, !may.contains(operation), status == 403);
        });
        assertEquals(
                403, server.send(asFirst("/metrics"), "GET", RestServer.NO_BODY).status());
        RestServer.Reply refused = answer("POST /virtual-environments", "first");
        assertTrue(refused.text(), refused.at("detail").contains("qrm user password first"));
    }

    @Test
    public void aSessionWithThePasswordThatTheServerMadeMayNoMore() {
        RestServer.Reply begun = server.send(
                server.request("/api/v1/session").header("Content-Type", "application/json"),
                "POST",
                BodyPublishers.ofString("{\"user\":\"first\",\"password\":\"first-secret\"}"));
        assertEquals("true", begun.at("firstPassword"));
        HttpRequest.Builder request = server.request("/api/v1/users")
                .header("Cookie", begun.header("set-cookie").replaceAll(";.*", ""));
        assertEquals(403, server.send(request, "GET", RestServer.NO_BODY).status());
    }

    @Test
    public void thePasswordThatTheServerMadeIsChangedForAnotherAndOnesOwn() {
        services.knownUsers.add("first", Role.ADMIN, "1");
        services.knownUsers.add("ann", Role.ADMIN, "1");
        assertEquals(403, changed("ann", "{\"password\":\"words of my own\"}"));
        assertEquals(400, changed("first", "{\"password\":\"words of my own\"}"));
        assertEquals(400, changed("first", "{\"password\":\"first-secret\",\"currentPassword\":\"first-secret\"}"));
        assertEquals(204, changed("first", "{\"password\":\"words of my own\",\"currentPassword\":\"first-secret\"}"));
    }

    private int changed(String user, String body) {
        return server.send(
                        asFirst("/api/v1/users/" + user + "/password").header("Content-Type", "application/json"),
                        "POST",
                        BodyPublishers.ofString(body))
                .status();
    }

    private HttpRequest.Builder asFirst(String path) {
        return server.request(path).header("Authorization", RestServer.basic("first", "first-secret"));
    }

    @Test
    public void everyRefusalSaysInWordsWhatWasTried() {
        everyOperation((operation, declared) -> {
            // an answer to HEAD says nothing
            if (operation.startsWith("GET ") || !List.of("admin", "operator").contains(declared)) {
                return;
            }
            String who = declared.equals("admin") ? "operator" : "viewer";
            String detail = answer(operation, who).json().path("detail").asText();
            String name = operation.contains("{") ? " \"1\"" : "";
            assertTrue(
                    operation + " is answered: " + detail,
                    detail.matches("Cannot (create|use|change|delete|act on)( [a-z]+)+" + name
                            + ": it needs the role " + declared + ", and " + who + " is " + who
                            + "\\. Ask somebody who has it\\."));
        });
        assertEquals(
                "Cannot act on virtual environment \"1\": it needs the role operator, and viewer is viewer."
                        + " Ask somebody who has it.",
                answer("POST /virtual-environments/{name}/actions", "viewer")
                        .json()
                        .path("detail")
                        .asText());
    }

    @Test
    public void theDocumentationHasTheRoleOfEveryOperation() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Matcher row =
                Pattern.compile("(?m)^\\| `([A-Z]+ /[^`]*)` \\| ([a-z]+) \\|").matcher(Files.readString(DOCUMENTATION));
        while (row.find()) {
            documented.put(row.group(1), row.group(2));
        }
        Map<String, String> declared = new TreeMap<>();
        everyOperation((operation, role) -> {
            if (!operation.startsWith("GET ") || !role.equals("viewer")) {
                declared.put(operation, role);
            }
        });
        assertEquals(declared, documented);
    }

    private void everyOperation(BiConsumer<String, String> check) {
        JsonNode paths = server.get("/api/v1/openapi.json").json().path("paths");
        assertTrue(paths.size() > 30);
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String role = operation.getValue().path("x-qrm-role").asText();
                    assertTrue(
                            role, List.of("none", "viewer", "operator", "admin").contains(role));
                    check.accept(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), role);
                }));
    }

    /** HEAD stands for GET: it is checked alike, and an event stream would not end. */
    private int call(String operation, String user) {
        return answer(operation, user).status();
    }

    private RestServer.Reply answer(String operation, String user) {
        String[] methodAndPath = operation.split(" ");
        boolean get = methodAndPath[0].equals("GET");
        String path = "/api/v1" + methodAndPath[1].replaceAll("\\{[a-z]+}", "1");
        HttpRequest.Builder request = server.request(path).header("Content-Type", "application/json");
        if (user != null) {
            request.header("Authorization", RestServer.basic(user, user + "-secret"));
        }
        return server.send(
                request, get ? "HEAD" : methodAndPath[0], get ? RestServer.NO_BODY : BodyPublishers.ofString("{}"));
    }
}
