package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.audit.AuditEntry;
import org.qrm.api.audit.AuditField;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class AuditOverHttpTest {

    private static final String REBOOT = "/api/v1/resources/1/actions";
    private static final String ACTION = "{\"action\":\"reboot\"}";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void knowAMachine() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        services.knownUsers.add("viewer", Role.VIEWER, "1");
    }

    @Test
    public void putsDownWhoDidWhatFromWhereAndWhatCameOfIt() {
        server.send("operator", "POST", REBOOT, ACTION);
        AuditEntry entry = only();
        assertEquals("operator", entry.user());
        assertEquals("127.0.0.1 by password", entry.origin());
        assertEquals("POST /resources/1/actions", entry.action());
        assertEquals("action=reboot", entry.details());
        assertEquals("202", entry.result());
    }

    @Test
    public void forgetsOldEntriesAndPutsThatDown() {
        Reply reply =
                server.post("/api/v1/audit/actions", "{\"action\":\"prune\",\"before\":\"2026-01-31T12:00:00Z\"}");
        assertEquals("3", reply.at("pruned"));
        assertEquals(Instant.parse("2026-01-31T12:00:00Z"), services.knownAudit.prunedBefore);
        assertEquals("action=prune before=2026-01-31T12:00:00Z", only().details());
        assertEquals(
                400,
                server.post("/api/v1/audit/actions", "{\"action\":\"prune\"}").status());
        assertEquals(
                200,
                server.get("/api/v1/audit?to=%2B1000000000-12-31T23:59:59Z").status());
    }

    @Test
    public void putsDownWhatWasRefused() {
        server.send("viewer", "POST", REBOOT, ACTION);
        assertEquals("403 it needs the role operator, and viewer is viewer", only().result());
        server.post("/api/v1/resources/2/actions", ACTION);
        assertTrue(last().result(), last().result().startsWith("404 "));
        server.post(REBOOT, "{");
        assertTrue(last().result(), last().result().startsWith("400 "));
    }

    @Test
    public void putsDownNothingForWhoLooksOrIsNobody() {
        server.get("/api/v1/resources");
        HttpRequest.Builder nobody = server.request(REBOOT).header("Content-Type", "application/json");
        server.send(nobody, "POST", BodyPublishers.ofString(ACTION));
        assertEquals(0, services.knownAudit.entries.size());
    }

    @Test
    public void putsDownLoginsWithTheNameThatWasGiven() {
        HttpRequest.Builder request = server.request("/api/v1/session").header("Content-Type", "application/json");
        server.send(request, "POST", BodyPublishers.ofString("{\"user\":\"viewer\",\"password\":\"viewer-secret\"}"));
        assertEquals("viewer", only().user());
        assertEquals("200", only().result());
        assertNoSecret("viewer-secret");
    }

    @Test
    public void holdsNoPasswordTokenOrWizardAnswer() {
        server.post("/api/v1/users", "{\"name\":\"ann\",\"password\":\"pass-word-1\",\"role\":\"viewer\"}");
        assertEquals("name=ann role=viewer", last().details());
        server.post("/api/v1/users/ann/password", "{\"password\":\"pass-word-2\",\"currentPassword\":\"pass-word-3\"}");
        server.put("/api/v1/plugins/xen/wizard", "{\"answers\":{\"address\":\"pass-word-4\"}}");
        server.put("/api/v1/plugins/xen/wizard/draft", "{\"address\":\"pass-word-5\"}");
        assertEquals(4, services.knownAudit.entries.size());
        assertNoSecret("pass-word");
    }

    @Test
    public void makesNoChangeThatCannotBePutDown() {
        services.knownAudit.full = true;
        Reply reply = server.send("operator", "POST", REBOOT, ACTION);
        assertEquals(503, reply.status());
        assertEquals(0, operations());
        assertEquals(200, server.get("/api/v1/resources").status());
    }

    @Test
    public void doesNotAnswerAChangeAsDoneWhileItIsNotPutDown() {
        services.knownAudit.fillsUpNext = true;
        assertEquals(503, server.send("operator", "POST", REBOOT, ACTION).status());
    }

    @Test
    public void listsWithFilters() {
        server.send("operator", "POST", REBOOT, ACTION);
        Reply list = server.get("/api/v1/audit?user=operator&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z");
        assertEquals("action=reboot", list.json().at("/items/0/details").asText());
        assertEquals(
                Filter.by(AuditField.USER, "operator")
                        .and(AuditField.FROM, Instant.parse("2026-01-01T00:00:00Z"))
                        .and(AuditField.TO, Instant.parse("2026-02-01T00:00:00Z")),
                services.knownAudit.lastFilter);
        assertEquals(400, server.get("/api/v1/audit?from=yesterday").status());
    }

    @Test
    public void saysWhereTheChainIsBroken() {
        assertTrue(server.get("/api/v1/audit/verification").json().path("ok").asBoolean());
        services.knownAudit.full = true;
        Reply broken = server.get("/api/v1/audit/verification");
        assertFalse(broken.json().path("ok").asBoolean());
        assertEquals(7, broken.json().path("firstBroken").asInt());
    }

    private long operations() {
        return services.knownOperations
                .list(null, null, PageRequest.FIRST)
                .items()
                .size();
    }

    private AuditEntry only() {
        assertEquals(1, services.knownAudit.entries.size());
        return last();
    }

    private AuditEntry last() {
        return services.knownAudit.entries.get(services.knownAudit.entries.size() - 1);
    }

    private void assertNoSecret(String... secrets) {
        String all = services.knownAudit.entries.toString();
        for (String secret : secrets) {
            assertFalse(all, all.contains(secret));
        }
    }
}
