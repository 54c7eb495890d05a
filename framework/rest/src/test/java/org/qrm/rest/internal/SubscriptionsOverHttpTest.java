package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.MailAddresses;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class SubscriptionsOverHttpTest {

    private static final String PATH = "/api/v1/subscriptions";
    private static final String CHAT = "{\"name\":\"chat\",\"target\":\"https://chat.example.org/hooks/7\","
            + "\"atLeast\":\"warning\",\"type\":\"resource.\",\"secret\":\"whsec_c2VjcmV0\"}";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void createsShowsListsAndDeletesOne() {
        Reply made = server.post(PATH, CHAT);
        assertEquals(201, made.status());
        assertEquals("active", made.at("state"));
        assertTrue(made.json().path("hasSecret").asBoolean());
        assertTrue(made.json().path("enabled").asBoolean());
        assertEquals(2, made.json().path("behind").asLong());
        assertEquals(
                new EventFilter(Priority.WARNING, "resource.", "", ""),
                services.knownSubscriptions.find("chat").orElseThrow().spec().filter());
        assertEquals("warning", server.get(PATH + "/chat").at("atLeast"));
        assertEquals(1, server.get(PATH + "?state=active").json().path("items").size());
        assertEquals(0, server.get(PATH + "?state=failing").json().path("items").size());
        assertEquals(409, server.post(PATH, CHAT).status());
        assertEquals(204, server.delete(PATH + "/chat").status());
        assertEquals(404, server.get(PATH + "/chat").status());
    }

    @Test
    public void changesAllButTheNameAndTheSecret() {
        server.post(PATH, CHAT);
        String wanted = "{\"target\":\"https://other.example.org/\",\"enabled\":false}";
        assertEquals("disabled", server.put(PATH + "/chat", wanted).at("state"));
        assertEquals("info", server.get(PATH + "/chat").at("atLeast"));
        assertEquals("whsec_c2VjcmV0", services.knownSubscriptions.secret("chat"));
        assertEquals(400, server.put(PATH + "/chat", CHAT).status());
        assertEquals(404, server.put(PATH + "/none", wanted).status());
    }

    @Test
    public void takesASecretAndAnswersItNowhere() {
        server.post(PATH, CHAT);
        Reply set = server.put(PATH + "/chat/secret", "{\"value\":\"whsec_b3RoZXI=\"}");
        assertEquals(200, set.status());
        assertEquals("whsec_b3RoZXI=", services.knownSubscriptions.secret("chat"));
        assertFalse(set.json().toString().contains("whsec_"));
        assertEquals(204, server.delete(PATH + "/chat/secret").status());
        assertFalse(server.get(PATH + "/chat").json().path("hasSecret").asBoolean());
        assertFalse(server.get("/api/v1/audit").json().toString().contains("whsec_"));
    }

    @Test
    public void takesMail() {
        String mail =
                "{\"name\":\"ops\",\"target\":\"smtp://mail.example.org\",\"login\":\"qrm\",\"sender\":\"qrm@example.org\","
                        + "\"recipients\":[\"a@example.org\",\"b@example.org\"],\"secret\":\"hunter2\"}";
        Reply made = server.post(PATH, mail);
        assertEquals(201, made.status());
        assertEquals("qrm@example.org", made.at("sender"));
        assertEquals(2, made.json().path("recipients").size());
        assertFalse(made.json().toString().contains("hunter2"));
        assertEquals(
                new MailAddresses("qrm", "qrm@example.org", List.of("a@example.org", "b@example.org")),
                services.knownSubscriptions.find("ops").orElseThrow().spec().mail());
        server.post(PATH, CHAT);
        assertEquals(
                null,
                services.knownSubscriptions.find("chat").orElseThrow().spec().mail());
        assertEquals(0, server.get(PATH + "/chat").json().path("recipients").size());
    }

    @Test
    public void testsOne() {
        server.post(PATH, CHAT);
        Reply test = server.post(PATH + "/chat/actions", "{\"action\":\"test\"}");
        assertEquals(200, test.status());
        assertTrue(test.json().path("accepted").asBoolean());
        assertEquals(204, test.json().path("status").asInt());
        server.post(PATH, CHAT.replace("chat\"", "bad\"").replace("hooks/7", "refuses"));
        Reply refused = server.post(PATH + "/bad/actions", "{\"action\":\"test\"}");
        assertEquals(200, refused.status());
        assertFalse(refused.json().path("accepted").asBoolean());
        assertEquals("it answered 403", refused.at("reason"));
        assertEquals(
                404,
                server.post(PATH + "/none/actions", "{\"action\":\"test\"}").status());
    }
}
