package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class TokensOverHttpTest {

    private static final String TOKENS = "/api/v1/tokens";
    private static final String REBOOT = "/api/v1/resources/1/actions";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void knowUsers() {
        services.knownUsers.add("admin", Role.ADMIN, "1");
        services.knownUsers.add("operator", Role.OPERATOR, "1");
        services.knownUsers.add("viewer", Role.VIEWER, "1");
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
    }

    @Test
    public void tellsTheSecretOnce() {
        Reply made = make("operator", "operator");
        assertEquals(201, made.status());
        assertEquals("/api/v1/tokens/1", made.header("location"));
        String secret = made.at("secret");
        assertFalse(server.get(TOKENS).text().contains(secret));
        assertFalse(server.get(TOKENS + "/1").text().contains(secret));
    }

    @Test
    public void logsInWithoutAPasswordOrACsrfToken() {
        String secret = make("operator", "operator").at("secret");
        assertEquals(202, by(secret, "POST", REBOOT).status());
        assertEquals("operator", by(secret, "GET", "/api/v1/session").at("user"));
    }

    @Test
    public void mayNoMoreThanItsRole() {
        String secret = make("admin", "viewer").at("secret");
        assertEquals(200, by(secret, "GET", "/api/v1/resources").status());
        assertEquals(403, by(secret, "POST", REBOOT).status());
    }

    @Test
    public void mayNoMoreThanItsUserMayNow() {
        String secret = make("operator", "operator").at("secret");
        services.knownUsers.add("operator", Role.VIEWER, "2");
        assertEquals(403, by(secret, "POST", REBOOT).status());
        services.knownUsers.add("operator", null, "3");
        assertEquals(401, by(secret, "GET", "/api/v1/resources").status());
    }

    @Test
    public void endsWithItsUserAndDoesNotComeBackWithTheName() {
        String secret = make("operator", "operator").at("secret");
        services.knownUsers.known.remove("operator");
        assertEquals(401, by(secret, "GET", "/api/v1/resources").status());
        server.post("/api/v1/users", "{\"name\":\"operator\",\"password\":\"long enough\",\"role\":\"operator\"}");
        assertEquals(401, by(secret, "GET", "/api/v1/resources").status());
        String second = make("operator", "viewer").at("secret");
        server.delete("/api/v1/users/operator");
        assertFalse(services.knownTokens.verify(second).isPresent());
    }

    @Test
    public void isNotMadeWithARoleAboveTheCallers() {
        assertEquals(403, make("operator", "admin").status());
        assertEquals(403, make("viewer", "operator").status());
        assertEquals(201, make("viewer", "viewer").status());
    }

    @Test
    public void isMadeForAnotherByAnAdminAloneAndWithNoMoreThanThatOneMay() {
        assertEquals(
                "operator",
                makeFor("admin", "operator", "operator")
                        .json()
                        .at("/token/user")
                        .asText());
        assertEquals(403, makeFor("admin", "operator", "admin").status());
        assertEquals(404, makeFor("admin", "nobody", "viewer").status());
        assertEquals(403, makeFor("operator", "viewer", "viewer").status());
        services.knownUsers.add("nothing", null, "1");
        assertEquals(403, makeFor("admin", "nothing", "viewer").status());
        assertEquals(1, services.knownTokens.known.size());
    }

    private Reply makeFor(String caller, String user, String role) {
        return server.send(
                caller,
                "POST",
                TOKENS,
                "{\"name\":\"ci\",\"role\":\"" + role + "\",\"days\":30,\"user\":\"" + user + "\"}");
    }

    @Test
    public void isNotMadeByAToken() {
        String secret = make("operator", "operator").at("secret");
        assertEquals(403, by(secret, "POST", TOKENS).status());
    }

    /** Its code runs in the server, and could make users. */
    @Test
    public void installsNoPlugin() {
        String secret = make("admin", "admin").at("secret");
        HttpRequest.Builder request = server.request("/api/v1/plugin-files/mine.jar")
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/octet-stream");
        Reply reply = server.send(request, "PUT", BodyPublishers.ofByteArray(new byte[1]));
        assertEquals(403, reply.status());
        assertTrue(reply.at("detail"), reply.at("detail").contains("it would outlive the token that asks for it"));
        assertTrue(services.knownPluginFiles.list().isEmpty());
    }

    @Test
    public void makesAndChangesNoUserRoleOrPassword() {
        String secret = make("admin", "admin").at("secret");
        String[][] attempts = {
            {"POST", "/api/v1/users", "{\"name\":\"heir\",\"password\":\"known to a thief\",\"role\":\"admin\"}"},
            {"PATCH", "/api/v1/users/viewer", "{\"role\":\"admin\"}"},
            {"DELETE", "/api/v1/users/viewer", ""},
            {"POST", "/api/v1/users/viewer/password", "{\"password\":\"known to a thief\"}"},
            {
                "POST",
                "/api/v1/users/admin/password",
                "{\"password\":\"known to a thief\",\"currentPassword\":\"admin-secret\"}"
            }
        };
        String before = services.knownUsers.known.toString();
        for (String[] attempt : attempts) {
            Reply reply = by(secret, attempt[0], attempt[1], attempt[2]);
            assertEquals(attempt[1], 403, reply.status());
            assertTrue(reply.at("detail"), reply.at("detail").contains("it would outlive the token that asks for it"));
        }
        assertEquals(before, services.knownUsers.known.toString());
    }

    @Test
    public void isRevokedWithAllOthersOfItsUser() {
        String first = make("operator", "operator").at("secret");
        String second = make("operator", "viewer").at("secret");
        String tokens = "/api/v1/users/operator/tokens";
        assertEquals(403, server.send("operator", "DELETE", tokens, null).status());
        assertEquals(200, by(first, "GET", "/api/v1/resources").status());
        assertEquals(204, server.delete(tokens).status());
        assertEquals(401, by(first, "GET", "/api/v1/resources").status());
        assertEquals(401, by(second, "GET", "/api/v1/resources").status());
    }

    @Test
    public void livesOnWithAnotherPasswordUnlessItIsToBeRevoked() {
        String secret = make("operator", "operator").at("secret");
        String path = "/api/v1/users/operator/password";
        server.post(path, "{\"password\":\"another one\"}");
        assertEquals(200, by(secret, "GET", "/api/v1/resources").status());
        assertEquals(
                204,
                server.post(path, "{\"password\":\"one more\",\"revokeTokens\":true}")
                        .status());
        assertEquals(401, by(secret, "GET", "/api/v1/resources").status());
    }

    @Test
    public void isNotMadeForAUserWhomTheServerDoesNotKeep() {
        services.knownUsers.known.remove("operator");
        assertEquals(409, make("operator", "viewer").status());
    }

    @Test
    public void isRevokedByItsUserOrAnAdmin() {
        String first = make("operator", "operator").at("secret");
        assertEquals(404, server.send("viewer", "GET", TOKENS + "/1", null).status());
        assertEquals(404, server.send("viewer", "DELETE", TOKENS + "/1", null).status());
        assertEquals(204, server.send("operator", "DELETE", TOKENS + "/1", null).status());
        assertEquals(401, by(first, "GET", "/api/v1/resources").status());
        make("operator", "operator");
        assertEquals(204, server.delete(TOKENS + "/1").status());
    }

    @Test
    public void isListedToItsUserAndToAdmins() {
        make("operator", "operator");
        make("viewer", "viewer");
        assertEquals(2, server.get(TOKENS).json().path("items").size());
        Reply own = server.send("viewer", "GET", TOKENS, null);
        assertEquals(1, own.json().path("items").size());
        assertEquals("viewer", own.json().at("/items/0/user").asText());
    }

    @Test
    public void anUnknownTokenOpensNothing() {
        for (String secret : new String[] {"", "qrm_", "qrm_7", "x".repeat(5000)}) {
            Reply reply = by(secret, "GET", "/api/v1/resources");
            assertTrue(secret, reply.status() == 401 || reply.status() == 431);
        }
    }

    private Reply make(String user, String role) {
        return server.send(user, "POST", TOKENS, "{\"name\":\"ci\",\"role\":\"" + role + "\",\"days\":30}");
    }

    private Reply by(String secret, String method, String path) {
        String body =
                path.equals(TOKENS) ? "{\"name\":\"ci\",\"role\":\"viewer\",\"days\":1}" : "{\"action\":\"reboot\"}";
        return by(secret, method, path, body);
    }

    private Reply by(String secret, String method, String path, String body) {
        HttpRequest.Builder request = server.request(path)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json");
        return server.send(request, method, method.equals("GET") ? RestServer.NO_BODY : BodyPublishers.ofString(body));
    }
}
