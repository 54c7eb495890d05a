package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class UsersOverHttpTest {

    private static final String USERS = "/api/v1/users";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void knowUsers() {
        services.knownUsers.add("admin", Role.ADMIN, "1");
        services.knownUsers.add("viewer", Role.VIEWER, "1");
    }

    @Test
    public void listsUsersPageByPageWithoutTheirPasswords() {
        Reply first = server.get(USERS + "?limit=1");
        assertEquals("admin", first.json().at("/items/0/name").asText());
        Reply second = server.get(USERS + "?limit=1&after=" + first.at("next"));
        assertEquals("viewer", second.json().at("/items/0/name").asText());
        assertTrue(second.json().path("next").isNull());
    }

    @Test
    public void createsAUserAndNeverAnswersThePassword() {
        Reply made = server.post(USERS, "{\"name\":\"ann\",\"password\":\"long enough\",\"role\":\"operator\"}");
        assertEquals(201, made.status());
        assertEquals("/api/v1/users/ann", made.header("location"));
        assertEquals("operator", server.get(USERS + "/ann").at("role"));
        assertFalse(made.text() + server.get(USERS).text(), made.text().contains("long"));
        assertEquals(
                409,
                server.post(USERS, "{\"name\":\"ann\",\"password\":\"long enough\",\"role\":\"viewer\"}")
                        .status());
    }

    @Test
    public void wantsNamePasswordAndRole() {
        for (String body : new String[] {
            "{}",
            "{\"name\":\"ann\",\"password\":\"long enough\"}",
            "{\"name\":\"ann\",\"role\":\"viewer\"}",
            "{\"name\":\"ann\",\"password\":\"long enough\",\"role\":\"root\"}"
        }) {
            assertEquals(body, 400, server.post(USERS, body).status());
        }
    }

    @Test
    public void changesARole() {
        assertEquals(
                "operator",
                server.patch(USERS + "/viewer", "{\"role\":\"operator\"}").at("role"));
        assertEquals(
                404, server.patch(USERS + "/nobody", "{\"role\":\"viewer\"}").status());
    }

    @Test
    public void deletesAUser() {
        assertEquals(204, server.delete(USERS + "/viewer").status());
        assertEquals(404, server.get(USERS + "/viewer").status());
        assertEquals(404, server.delete(USERS + "/viewer").status());
    }

    @Test
    public void letsEverybodyChangeTheirOwnPasswordWithThePresentOne() {
        String path = USERS + "/viewer/password";
        assertEquals(
                204,
                server.send("viewer", "POST", path, "{\"password\":\"new one\",\"currentPassword\":\"viewer-secret\"}")
                        .status());
        assertEquals("new one", services.knownUsers.known.get("viewer").version());
        assertEquals(
                403,
                server.send("viewer", "POST", path, "{\"password\":\"x\",\"currentPassword\":\"wrong\"}")
                        .status());
        assertEquals(
                400, server.send("viewer", "POST", path, "{\"password\":\"x\"}").status());
        assertEquals("new one", services.knownUsers.known.get("viewer").version());
    }

    @Test
    public void letsOnlyAnAdminSetThePasswordOfAnother() {
        String body = "{\"password\":\"set by another\"}";
        assertEquals(
                403,
                server.send("viewer", "POST", USERS + "/admin/password", body).status());
        assertEquals(
                403,
                server.send("operator", "POST", USERS + "/viewer/password", body)
                        .status());
        assertEquals(204, server.post(USERS + "/viewer/password", body).status());
        assertEquals("set by another", services.knownUsers.known.get("viewer").version());
    }

    @Test
    public void listsAddsAndRemovesKeys() {
        String keys = USERS + "/admin/keys";
        Reply added = server.post(keys, "{\"key\":\"ssh-ed25519 aGVsbG8/+w mine\"}");
        assertEquals(added.text(), 200, added.status());
        assertEquals("SHA256:aGVsbG8/+w", added.at("fingerprint"));
        Reply all = server.get(keys);
        assertEquals("mine", all.json().at("/items/0/comment").asText());
        String removal = "{\"action\":\"remove-key\",\"fingerprint\":\"SHA256:aGVsbG8/+w\"}";
        assertEquals(204, server.post(keys + "/actions", removal).status());
        assertEquals(404, server.post(keys + "/actions", removal).status());
        assertEquals(404, server.get(USERS + "/nobody/keys").status());
        assertEquals(400, server.post(keys, "{\"key\":\"nonsense\"}").status());
        assertEquals(403, server.send("viewer", "GET", keys, null).status());
        assertEquals(
                403,
                server.send("operator", "POST", keys, "{\"key\":\"ssh-rsa a b\"}")
                        .status());
    }

    @Test
    public void theAuditLogTellsWhichKeyAndNothingOfWhatIsNone() {
        String blob = Base64.getEncoder().encodeToString("a key".getBytes(StandardCharsets.UTF_8));
        server.post(USERS + "/admin/keys", "{\"key\":\"ssh-ed25519 " + blob + " mine\"}");
        server.post(USERS + "/admin/keys", "{\"key\":\"-----BEGIN OPENSSH PRIVATE KEY----- hush\"}");
        String audit = services.knownAudit.entries.toString();
        assertTrue(audit, audit.contains("fingerprint=SHA256:j6Oqsvqpt54K"));
        assertFalse(audit, audit.contains("hush"));
    }
}
