package org.qrm.rest.internal.access;

import static org.junit.Assert.assertEquals;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.user.Logins;
import org.qrm.api.user.Role;
import org.qrm.api.user.TooManyAttempts;
import org.qrm.api.user.User;
import org.qrm.rest.internal.fake.FakeLogin;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** What somebody is answered who guesses, and what remains of it. */
public class SessionLockOutTest {

    private final FakeServices services = new FakeServices();
    private boolean locked;

    @Rule
    public final RestServer server = new RestServer(services, new Logins() {
        private final FakeLogin unlocked = new FakeLogin();

        @Override
        public User login(String name, String password, String address) {
            if (locked) {
                throw new TooManyAttempts(3);
            }
            return new User(name, Role.ADMIN, "");
        }

        @Override
        public void malformed(String address) {
            unlocked.malformed(address);
        }
    });

    @Test
    public void saysWhenToTryAgainOnEitherWay() {
        locked = true;
        Reply reply = begin("{\"user\":\"admin\",\"password\":\"right\"}");
        assertEquals(429, reply.status());
        assertEquals("3", reply.header("retry-after"));
        assertEquals("", reply.header("set-cookie"));
        HttpRequest.Builder basic =
                server.request("/api/v1/session").header("Authorization", RestServer.basic("admin", "right"));
        assertEquals(429, server.send(basic, "GET", RestServer.NO_BODY).status());
    }

    @Test
    public void whatNamesNobodyLeavesNoEntryAndIsSlowedDown() {
        String[] malformed = {
            "",
            "{",
            "[]",
            "{\"user\":\"x\",\"password\":1}",
            "{\"user\":\"x\"}",
            "{\"user\":\"x\",\"password\":\"y\",\"z\":1}"
        };
        for (int i = 0; i < 50; i++) {
            String body = malformed[i % malformed.length];
            assertEquals(body, 400, begin(body).status());
        }
        Reply last = begin("{");
        assertEquals(429, last.status());
        assertEquals("7", last.header("retry-after"));
        assertEquals(0, services.knownAudit.entries.size());
    }

    @Test
    public void aSessionThatIsOpenIsNotLockedOut() {
        Reply open = begin("{\"user\":\"admin\",\"password\":\"right\"}");
        locked = true;
        String cookie = open.header("set-cookie").replaceFirst(";.*", "");
        HttpRequest.Builder request = server.request("/api/v1/session").header("Cookie", cookie);
        assertEquals(200, server.send(request, "GET", RestServer.NO_BODY).status());
    }

    private Reply begin(String body) {
        HttpRequest.Builder request = server.request("/api/v1/session").header("Content-Type", "application/json");
        return server.send(request, "POST", BodyPublishers.ofString(body));
    }
}
