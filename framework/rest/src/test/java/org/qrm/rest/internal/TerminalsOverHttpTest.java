package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.resource.ResourceState;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Terminals: shells on machines, and consoles of partitions. */
public class TerminalsOverHttpTest {

    private static final String OPEN = "/api/v1/resources/node-7/terminals";
    private static final String OPEN_CONSOLE = "/api/v1/partitions/guest/terminals";
    private static final String SIZE = "{\"columns\":80,\"rows\":24}";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void oneMachine() {
        services.knownResources.add(7, "node-7", ResourceState.IDLE, null);
        services.knownResources.add(50, "guest", ResourceState.IDLE, null);
    }

    private String open() {
        Reply opened = server.post(OPEN, SIZE);
        assertEquals(opened.text(), 201, opened.status());
        return opened.header("location");
    }

    private String await(String terminal, String text) {
        StringBuilder seen = new StringBuilder();
        long from = 0;
        while (!seen.toString().contains(text)) {
            Reply output = server.get(terminal + "/output?from=" + from);
            assertEquals(from, output.json().path("from").asLong());
            seen.append(new String(Base64.getDecoder().decode(output.at("data")), StandardCharsets.UTF_8));
            from = output.json().path("next").asLong();
            assertFalse(seen.toString(), output.json().path("ended").asBoolean());
        }
        return seen.toString();
    }

    @Test
    public void showsWhatTheShellWritesAndTypesAtIt() {
        String terminal = open();
        await(terminal, "80x24");
        assertEquals(
                204, server.post(terminal + "/input", "{\"text\":\"hällo\\r\"}").status());
        assertTrue(await(terminal, "HÄLLO\r").contains("HÄLLO"));
        assertEquals(204, server.delete(terminal).status());
        assertEquals(1, services.hungUp());
        assertEquals(404, server.get(terminal).status());
    }

    @Test
    public void followsTheSizeOfItsWindow() {
        String terminal = open();
        assertEquals(
                204,
                server.post(terminal + "/size", "{\"columns\":132,\"rows\":50}").status());
        assertTrue(await(terminal, "132x50").contains("80x24"));
        assertEquals(
                400,
                server.post(terminal + "/size", "{\"columns\":0,\"rows\":50}").status());
        assertEquals(
                400,
                server.post(terminal + "/size", "{\"columns\":80,\"rows\":1001}")
                        .status());
        assertEquals(1, services.knownAudit.entries.size());
    }

    @Test
    public void isForOperatorsOnAPartition() {
        Reply opened = server.send("operator", "POST", OPEN_CONSOLE, SIZE);
        assertEquals(opened.text(), 201, opened.status());
        assertEquals(50, opened.json().path("resource").asLong());
        String terminal = opened.header("location");
        assertEquals(
                204,
                server.send("operator", "POST", terminal + "/input", "{\"text\":\"root\"}")
                        .status());
        assertEquals(
                204, server.send("operator", "POST", terminal + "/size", SIZE).status());
        assertEquals(
                200, server.send("operator", "GET", terminal + "/output", null).status());
        assertEquals("somebody else's", 404, server.get(terminal).status());
        assertEquals(403, server.send("viewer", "POST", OPEN_CONSOLE, SIZE).status());
        assertEquals(204, server.send("operator", "DELETE", terminal, null).status());
    }

    @Test
    public void aMachinesConsoleIsForOperators() {
        services.knownResources.add(1, "node-1", ResourceState.ERROR, null);
        String path = "/api/v1/resources/node-1/consoles";
        Reply opened = server.send("operator", "POST", path, SIZE);
        assertEquals(opened.text(), 201, opened.status());
        String terminal = opened.header("location");
        Reply output = server.send("operator", "GET", terminal + "/output", null);
        assertTrue(new String(Base64.getDecoder().decode(output.at("data")), StandardCharsets.UTF_8)
                .startsWith("login: 80x24"));
        assertEquals(204, server.send("operator", "DELETE", terminal, null).status());
        assertEquals(403, server.send("viewer", "POST", path, SIZE).status());
        assertEquals(
                503,
                server.send("operator", "POST", "/api/v1/resources/node-7/consoles", SIZE)
                        .status());
        assertEquals(
                404,
                server.send("operator", "POST", "/api/v1/resources/nobody/consoles", SIZE)
                        .status());
    }

    @Test
    public void tellsThatTheShellHasEnded() {
        String terminal = open();
        server.post(terminal + "/input", "{\"text\":\"exit\"}");
        long from = 0;
        boolean ended = false;
        while (!ended) {
            Reply output = server.get(terminal + "/output?from=" + from);
            from = output.json().path("next").asLong();
            ended = output.json().path("ended").asBoolean();
        }
        assertEquals(409, server.post(terminal + "/input", "{\"text\":\"x\"}").status());
    }

    @Test
    public void losesNothingOfMuch() {
        String terminal = open();
        server.post(terminal + "/input", "{\"text\":\"" + "abcdefgh".repeat(7_000) + "\"}");
        assertTrue(await(terminal, "ABCDEFGH".repeat(7_000)).startsWith("shell 80x24\r\nABC"));
    }

    @Test
    public void putsTheOpeningAndTheClosingDownAndNoKey() {
        String terminal = open();
        server.post(terminal + "/input", "{\"text\":\"a secret\"}");
        server.delete(terminal);
        assertEquals(2, services.knownAudit.entries.size());
        assertTrue(services.knownAudit.entries.get(0).action().endsWith("/terminals"));
        assertFalse(services.knownAudit.entries.toString().contains("secret"));
    }

    @Test
    public void isItsOpenersAlone() {
        String terminal = open();
        String other = "operator";
        for (String path : new String[] {terminal, terminal + "/output"}) {
            assertEquals(404, server.send(other, "GET", path, null).status());
            assertEquals(403, server.send("viewer", "GET", path, null).status());
        }
        assertEquals(403, server.send(other, "POST", OPEN, SIZE).status());
    }

    @Test
    public void opensSoManyAndNoMore() {
        String first = open();
        for (int i = 1; i < 4; i++) {
            open();
        }
        Reply refused = server.post(OPEN, SIZE);
        assertEquals(409, refused.status());
        assertTrue(refused.at("remedy").contains("Close one"));
        server.delete(first);
        open();
    }

    @Test
    public void refusesWhatIsNoTerminal() {
        assertEquals(
                404, server.post("/api/v1/resources/nobody/terminals", SIZE).status());
        assertEquals(400, server.post(OPEN, "{\"columns\":80}").status());
        assertEquals(400, server.post(OPEN, "{\"columns\":80,\"rows\":0}").status());
        assertEquals(
                409, server.post("/api/v1/partitions/node-7/terminals", SIZE).status());
        assertEquals(404, server.get("/api/v1/terminals/99/output").status());
        assertEquals(404, server.get("/api/v1/terminals/x").status());
    }
}
