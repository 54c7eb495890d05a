package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.access.Sessions;
import org.qrm.rest.internal.fake.FakeLogin;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class SessionsOverHttpTest {

    private static final String SESSION = "/api/v1/session";
    private static final String REBOOT = "/api/v1/resources/1/actions";

    private final FakeServices services = new FakeServices();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Rule
    public final RestServer server = new RestServer(services, new FakeLogin(), new Sessions(services, () -> now));

    private record Login(String cookie, String csrfToken) {}

    @Before
    public void knowUsers() {
        services.knownUsers.add("operator", Role.OPERATOR, "1");
        services.knownUsers.add("viewer", Role.VIEWER, "1");
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
    }

    @Test
    public void setsACookieThatNoScriptReadsAndNoForeignPageSends() {
        Reply reply = attempt("operator", "operator-secret");
        assertEquals(200, reply.status());
        assertEquals("operator", reply.at("user"));
        assertEquals("operator", reply.at("role"));
        String cookie = reply.header("set-cookie");
        assertTrue(cookie, cookie.matches("qrm-session=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict"));
    }

    @Test
    public void letsTheCookieLook() {
        Login login = login("viewer");
        assertEquals(200, send(login.cookie, null, "GET", "/api/v1/resources").status());
        Reply own = send(login.cookie, null, "GET", SESSION);
        assertEquals("viewer", own.at("user"));
        assertEquals(login.csrfToken, own.at("csrfToken"));
    }

    @Test
    public void refusesAChangeWithoutTheTokenOfThatSession() {
        Login login = login("operator");
        Login other = login("operator");
        assertNotEquals(login.csrfToken, other.csrfToken);
        for (String token : new String[] {null, "", "x", other.csrfToken}) {
            Reply reply = send(login.cookie, token, "POST", REBOOT);
            assertEquals(403, reply.status());
            assertEquals("urn:qrm:problem:forbidden", reply.at("type"));
        }
        assertEquals(202, send(login.cookie, login.csrfToken, "POST", REBOOT).status());
    }

    @Test
    public void givesNoMoreRightsThanThePassword() {
        Login login = login("viewer");
        assertEquals(403, send(login.cookie, login.csrfToken, "POST", REBOOT).status());
    }

    @Test
    public void endsWhenLoggedOut() {
        Login login = login("viewer");
        assertEquals(403, send(login.cookie, null, "DELETE", SESSION).status());
        Reply out = send(login.cookie, login.csrfToken, "DELETE", SESSION);
        assertEquals(204, out.status());
        assertTrue(out.header("set-cookie"), out.header("set-cookie").contains("Max-Age=0"));
        assertEquals(401, send(login.cookie, null, "GET", SESSION).status());
    }

    @Test
    public void endsAfterHalfAnHourWithoutUse() {
        Login login = login("viewer");
        now = now.plus(Duration.ofMinutes(29));
        assertEquals(200, send(login.cookie, null, "GET", SESSION).status());
        now = now.plus(Duration.ofMinutes(29));
        assertEquals(200, send(login.cookie, null, "GET", SESSION).status());
        now = now.plus(Duration.ofMinutes(31));
        assertEquals(401, send(login.cookie, null, "GET", SESSION).status());
    }

    @Test
    public void endsAfterTwelveHoursHoweverBusy() {
        Login login = login("viewer");
        for (int i = 0; i < 12 * 3; i++) {
            now = now.plus(Duration.ofMinutes(20));
            assertEquals(200, send(login.cookie, null, "GET", SESSION).status());
        }
        now = now.plus(Duration.ofMinutes(1));
        assertEquals(401, send(login.cookie, null, "GET", SESSION).status());
    }

    @Test
    public void endsWhenItsUserChangesOrGoes() {
        Login changed = login("operator");
        services.knownUsers.add("operator", Role.VIEWER, "2");
        assertEquals(401, send(changed.cookie, null, "GET", SESSION).status());
        Login gone = login("viewer");
        services.knownUsers.known.remove("viewer");
        assertEquals(401, send(gone.cookie, null, "GET", SESSION).status());
    }

    @Test
    public void doesNotComeBackWhenItsUserIsAsBefore() {
        Login login = login("viewer");
        services.knownUsers.add("viewer", Role.VIEWER, "2");
        send(login.cookie, null, "GET", SESSION);
        services.knownUsers.add("viewer", Role.VIEWER, "1");
        assertEquals(401, send(login.cookie, null, "GET", SESSION).status());
    }

    @Test
    public void keepsAUserOfADirectoryLoggedIn() {
        Login login = login("admin");
        assertEquals(200, send(login.cookie, null, "GET", SESSION).status());
    }

    @Test
    public void refusesAWrongPasswordWithoutABrowsersDialogue() {
        Reply reply = attempt("viewer", "wrong");
        assertEquals(401, reply.status());
        assertEquals("", reply.header("set-cookie"));
        for (Reply refused : List.of(
                reply,
                server.send(server.request(SESSION), "GET", RestServer.NO_BODY),
                send("qrm-session=unknown", null, "GET", "/api/v1/resources"))) {
            assertEquals(401, refused.status());
            assertTrue(refused.header("www-authenticate").startsWith("Session "));
        }
    }

    @Test
    public void takesNoPasswordOverPlainHttp() {
        HttpRequest.Builder request = server.plainRequest(SESSION).header("Content-Type", "application/json");
        Reply reply = server.send(request, "POST", BodyPublishers.ofString(credentials("viewer", "viewer-secret")));
        assertEquals(403, reply.status());
    }

    @Test
    public void takesNoLoginThatAFormCouldSend() {
        HttpRequest.Builder request = server.request(SESSION).header("Content-Type", "text/plain");
        Reply reply = server.send(request, "POST", BodyPublishers.ofString(credentials("viewer", "viewer-secret")));
        assertEquals(415, reply.status());
    }

    @Test
    public void saysWhoCameByPassword() {
        Reply reply = server.get(SESSION);
        assertEquals("admin", reply.at("user"));
        assertTrue(reply.json().path("csrfToken").isNull());
    }

    @Test
    public void dropsTheLeastUsedOfAUsersTwentyOne() {
        List<Login> logins = new ArrayList<>();
        Login others = login("viewer");
        for (int i = 0; i < 20; i++) {
            logins.add(login("operator"));
        }
        assertEquals(200, send(logins.get(0).cookie, null, "GET", SESSION).status());
        login("operator");
        assertEquals(200, send(logins.get(0).cookie, null, "GET", SESSION).status());
        assertEquals(401, send(logins.get(1).cookie, null, "GET", SESSION).status());
        assertEquals(200, send(others.cookie, null, "GET", SESSION).status());
    }

    @Test
    public void streamsEventsToTheCookie() throws Exception {
        HttpRequest request = server.request("/api/v1/events/stream")
                .header("Cookie", login("viewer").cookie)
                .build();
        HttpResponse<InputStream> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        try (BufferedReader stream =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertEquals("retry: 3000", stream.readLine());
        }
    }

    private Login login(String user) {
        Reply reply = attempt(user, user + "-secret");
        String cookie = reply.header("set-cookie");
        return new Login(cookie.substring(0, cookie.indexOf(';')), reply.at("csrfToken"));
    }

    private Reply attempt(String user, String password) {
        HttpRequest.Builder request = server.request(SESSION).header("Content-Type", "application/json");
        Reply reply = server.send(request, "POST", BodyPublishers.ofString(credentials(user, password)));
        server.contract().check("POST", "/session", reply.status(), reply.header("content-type"), reply.json());
        return reply;
    }

    private static String credentials(String user, String password) {
        return "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}";
    }

    private Reply send(String cookie, String csrfToken, String method, String path) {
        HttpRequest.Builder request = server.request(path).header("Cookie", cookie);
        if (csrfToken != null) {
            request.header("X-CSRF-Token", csrfToken);
        }
        boolean post = method.equals("POST");
        if (post) {
            request.header("Content-Type", "application/json");
        }
        return server.send(
                request, method, post ? BodyPublishers.ofString("{\"action\":\"reboot\"}") : RestServer.NO_BODY);
    }
}
