package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.resource.ResourceState;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class AdmissionOverHttpTest {

    private static final String ADMISSION = "/api/v1/admission";
    private static final String EXPECTED = "/api/v1/expected-machines";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void opensAndClosesTheWindow() {
        Reply opened = act("{\"action\":\"open\",\"minutes\":30,\"machines\":40}");
        assertEquals(200, opened.status());
        assertEquals(
                "1970-01-01T00:30:00Z",
                opened.json().at("/admission/windowUntil").asText());
        assertEquals("40", opened.json().at("/admission/windowMachines").asText());
        assertEquals("3", server.get(ADMISSION).at("waiting"));
        assertTrue(act("{\"action\":\"close\"}")
                .json()
                .at("/admission/windowUntil")
                .isNull());
    }

    @Test
    public void opensNoWindowWithoutAnEnd() {
        for (String body : List.of(
                "{\"action\":\"open\"}",
                "{\"action\":\"open\",\"minutes\":30}",
                "{\"action\":\"open\",\"machines\":40}",
                "{\"action\":\"close\",\"machines\":40}",
                "{\"action\":\"admit-all\",\"minutes\":1}",
                "{\"action\":\"close\",\"text\":\"dell\"}",
                "{\"action\":\"drop-all\",\"text\":\"dell\"}",
                "{\"action\":\"admit-all\",\"text\":\"\"}",
                "{\"action\":\"admit-all\",\"text\":\" \"}",
                "{\"action\":\"always\"}")) {
            assertEquals(body, 400, act(body).status());
        }
        assertTrue(services.knownAdmissions.window().isEmpty());
    }

    @Test
    public void tellsHowManyWereAdmittedOrForgotten() {
        assertEquals("3", act("{\"action\":\"admit-all\"}").at("changed"));
        assertEquals("0", act("{\"action\":\"drop-all\"}").at("changed"));
    }

    @Test
    public void admitsThoseThatMatchAndNoOthers() {
        assertEquals("0", act("{\"action\":\"admit-all\",\"text\":\"hp\"}").at("changed"));
        assertEquals("3", act("{\"action\":\"admit-all\",\"text\":\"dell\"}").at("changed"));
    }

    @Test
    public void oneOrManyAreAdmittedByAdministratorsAlone() {
        services.knownResources.add(1, "node-1", ResourceState.NEW, null);
        for (String path : List.of("/api/v1/resources/1/actions", "/api/v1/resource-actions?state=new")) {
            String body = "{\"action\":\"admit\"}";
            Reply refused = server.send("operator", "POST", path, body);
            assertEquals(path, 403, refused.status());
            assertTrue(refused.text(), refused.at("detail").contains("it needs the role admin"));
            assertEquals(path, 202, server.post(path, body).status());
        }
        String plan = "{\"action\":\"admit\",\"dryRun\":true}";
        assertEquals(
                403,
                server.send("operator", "POST", "/api/v1/resource-actions?state=new", plan)
                        .status());
    }

    @Test
    public void takesAListWithItsLines() {
        Reply told = server.post(EXPECTED, "{\"csv\":\"mac\\r\\n02:00:00:00:00:01\\r\\n\",\"dryRun\":true}");
        assertEquals(told.text(), 200, told.status());
        assertEquals("2", told.at("added"));
        server.post(EXPECTED, "{\"csv\":\"serial\\n\\tX\"}");
        assertEquals(
                List.of("only told: mac\r\n02:00:00:00:00:01\r\n", "serial\n\tX"), services.knownAdmissions.imported);
    }

    /** A thousand machines with addresses and fingerprints of their BMCs. */
    @Test
    public void takesAsLongAListAsItSays() {
        String line = "02:00:00:00:00:01," + "x".repeat(120) + "\\n";
        Reply told = server.post(EXPECTED, "{\"csv\":\"mac,name\\n" + line.repeat(1000) + "\"}");
        assertEquals(told.text(), 200, told.status());
        assertEquals(1001, services.knownAdmissions.imported.get(0).lines().count());
    }

    @Test
    public void showsAndForgetsWhatIsExpected() {
        services.knownAdmissions.known.add(new ExpectedMachine(7, null, null, "SN-7", "rack7"));
        assertEquals("SN-7", server.get(EXPECTED + "/7").at("serial"));
        assertTrue(server.get(EXPECTED).text().contains("rack7"));
        assertEquals(204, server.delete(EXPECTED + "/7").status());
        assertEquals(404, server.get(EXPECTED + "/7").status());
        assertEquals(404, server.delete(EXPECTED + "/7").status());
    }

    private Reply act(String body) {
        return server.post(ADMISSION + "/actions", body);
    }
}
