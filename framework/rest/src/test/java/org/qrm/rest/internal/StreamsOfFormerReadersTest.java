package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** A stream of events ends soon after its reader may no longer read. */
public class StreamsOfFormerReadersTest {

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Before
    public void knowUsers() {
        services.knownUsers.add("viewer", Role.VIEWER, "1");
        services.knownUsers.add("operator", Role.OPERATOR, "1");
    }

    @Test
    public void endsWithTheSession() throws Exception {
        Reply login = server.send(
                server.request("/api/v1/session").header("Content-Type", "application/json"),
                "POST",
                BodyPublishers.ofString("{\"user\":\"viewer\",\"password\":\"viewer-secret\"}"));
        String cookie = login.header("set-cookie").replaceFirst(";.*", "");
        assertEndsAfter("Cookie", cookie, () -> {
            Reply out = server.send(
                    server.request("/api/v1/session")
                            .header("Cookie", cookie)
                            .header("X-CSRF-Token", login.at("csrfToken")),
                    "DELETE",
                    RestServer.NO_BODY);
            assertEquals(204, out.status());
        });
    }

    @Test
    public void endsWhenTheTokenIsRevoked() throws Exception {
        var made = services.knownTokens.create("ci", "operator", Role.VIEWER, Duration.ofDays(1));
        assertEndsAfter(
                "Authorization",
                "Bearer " + made.secret(),
                () -> services.knownTokens.revoke(made.token().id()));
    }

    @Test
    public void endsWhenTheTokensUserGoes() throws Exception {
        var made = services.knownTokens.create("ci", "operator", Role.VIEWER, Duration.ofDays(1));
        assertEndsAfter("Authorization", "Bearer " + made.secret(), () -> services.knownUsers.known.remove("operator"));
    }

    @Test
    public void endsWhenThePasswordChanges() throws Exception {
        assertEndsAfter(
                "Authorization",
                RestServer.basic("viewer", "viewer-secret"),
                () -> services.knownUsers.add("viewer", Role.VIEWER, "2"));
    }

    /** It goes on before, and is at its end after. */
    private void assertEndsAfter(String header, String value, Runnable change) throws Exception {
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        server.request("/api/v1/events/stream")
                                .header(header, value)
                                .build(),
                        BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        try (BufferedReader stream =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertEquals("retry: 3000", stream.readLine());
            assertEquals("", stream.readLine());
            server.streams().beat();
            assertEquals("it lives", ":", stream.readLine());
            assertEquals("", stream.readLine());
            change.run();
            server.streams().beat();
            assertNull("it has ended", stream.readLine());
        }
    }
}
