package org.qrm.rest.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.audit.AuditEntry;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class PluginFilesOverHttpTest {

    private static final String FILES = "/api/v1/plugin-files";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void installsAFileAndSaysWhatCameOfIt() {
        byte[] content = new byte[3 * 1024 * 1024];
        Reply reply = send("power.jar", content);
        assertEquals(200, reply.status());
        assertEquals("active", reply.at("state"));
        assertEquals("org.example.power.jar", reply.at("symbolicName"));
        assertEquals(content.length, reply.json().path("sizeBytes").asLong());
        assertArrayEquals(content, services.knownPluginFiles.contents.get("power.jar"));
        assertEquals("power.jar", server.get(FILES + "/power.jar").at("name"));
    }

    @Test
    public void listsTheFilesAndWhatEachBrings() {
        send("one.jar", bytes("1"));
        send("xen.jar", bytes("2"));
        Reply list = server.get(FILES + "?limit=1");
        assertEquals("one.jar", list.json().path("items").path(0).path("name").asText());
        list = server.get(FILES + "?after=" + list.at("next"));
        assertEquals(
                "xen", list.json().path("items").path(0).path("plugins").path(0).asText());
    }

    @Test
    public void saysWhyAFileIsNotTaken() {
        Reply reply = send("bad.jar", bytes("bad"));
        assertEquals(409, reply.status());
        assertEquals("missing requirement no.such", reply.at("reason"));
        assertEquals(400, send("..%2Fbad.jar", bytes("good")).status());
        assertEquals(400, send("a%00.jar", bytes("good")).status());
        assertEquals(404, server.get(FILES + "/bad.jar").status());
    }

    @Test
    public void refusesWhatIsTooLargeByItsLength() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.securePort())) {
            String head = "PUT " + FILES + "/large.jar HTTP/1.1\r\nHost: x\r\nAuthorization: " + RestServer.ADMIN
                    + "\r\nContent-Length: " + (64 * 1024 * 1024 + 1) + "\r\n\r\n";
            socket.getOutputStream().write(bytes(head));
            socket.shutdownOutput();
            socket.setSoTimeout(10_000);
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 413".length());
            assertEquals("HTTP/1.1 413", new String(status, StandardCharsets.UTF_8));
        }
        assertTrue(services.knownPluginFiles.contents.isEmpty());
    }

    @Test
    public void removesAFileUnlessItsPluginIsInUse() {
        send("one.jar", bytes("1"));
        send("xen.jar", bytes("2"));
        assertEquals(204, server.delete(FILES + "/one.jar").status());
        assertEquals(404, server.delete(FILES + "/one.jar").status());
        Reply refused = server.delete(FILES + "/xen.jar");
        assertEquals(409, refused.status());
        assertEquals("its plug-in xen is active", refused.at("reason"));
    }

    @Test
    public void putsDownWhatWasInstalledByItsDigest() {
        send("power.jar", bytes("1"));
        AuditEntry entry = services.knownAudit.entries.get(0);
        assertEquals("PUT /plugin-files/power.jar", entry.action());
        assertEquals("sha256=" + "0".repeat(64) + " sizeBytes=1", entry.details());
        send("bad.jar", bytes("bad"));
        assertEquals(
                "409 missing requirement no.such",
                services.knownAudit.entries.get(1).result());
    }

    private Reply send(String name, byte[] content) {
        return server.send(request(name), "PUT", BodyPublishers.ofByteArray(content));
    }

    private HttpRequest.Builder request(String name) {
        return server.request(FILES + "/" + name)
                .header("Authorization", RestServer.ADMIN)
                .header("Content-Type", "application/octet-stream");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
