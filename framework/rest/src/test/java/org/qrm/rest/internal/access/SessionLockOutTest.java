package org.qrm.rest.internal.access;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Who guesses passwords to begin a session is slowed down as who does it with each request. */
public class SessionLockOutTest {

    private final FakeServices services = new FakeServices();
    private final List<String> alarms = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Rule
    public final RestServer server = new RestServer(
            services,
            new GuardedLogin(
                    (user, password) -> password.equals("right") ? Optional.of(Set.of("admin")) : Optional.empty(),
                    user -> "",
                    () -> now,
                    (subject, text) -> alarms.add(subject)));

    @Test
    public void locksOutAfterFiveFailuresOnEitherWay() {
        for (int i = 0; i < 3; i++) {
            assertEquals(401, begin("wrong").status());
            assertEquals(401, basic("wrong").status());
        }
        Reply locked = begin("right");
        assertEquals(429, locked.status());
        assertEquals("1", locked.header("retry-after"));
        assertEquals("", locked.header("set-cookie"));
        assertEquals(429, basic("right").status());
        assertEquals(List.of("user/admin"), alarms);
        now = now.plusSeconds(2);
        assertEquals(200, begin("right").status());
    }

    @Test
    public void fillsTheAuditLogNoFasterThanItLetsGuess() {
        for (int i = 0; i < 50; i++) {
            begin("wrong");
        }
        assertEquals(6, services.knownAudit.entries.size());
        assertTrue(services.knownAudit.entries.get(5).result().startsWith("401 "));
    }

    @Test
    public void aSessionThatIsOpenIsNotLockedOut() {
        Reply open = begin("right");
        for (int i = 0; i < 10; i++) {
            begin("wrong");
        }
        String cookie = open.header("set-cookie").replaceFirst(";.*", "");
        HttpRequest.Builder request = server.request("/api/v1/session").header("Cookie", cookie);
        assertEquals(200, server.send(request, "GET", RestServer.NO_BODY).status());
    }

    private Reply begin(String password) {
        HttpRequest.Builder request = server.request("/api/v1/session").header("Content-Type", "application/json");
        return server.send(
                request, "POST", BodyPublishers.ofString("{\"user\":\"admin\",\"password\":\"" + password + "\"}"));
    }

    private Reply basic(String password) {
        HttpRequest.Builder request =
                server.request("/api/v1/session").header("Authorization", RestServer.basic("admin", password));
        return server.send(request, "GET", RestServer.NO_BODY);
    }
}
