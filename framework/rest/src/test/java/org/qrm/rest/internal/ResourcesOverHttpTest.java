package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceState;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class ResourcesOverHttpTest {

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void threeMachines() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        services.knownResources.add(2, "node-2", ResourceState.ACTIVE, "web1");
        services.knownResources.add(3, "node-3", ResourceState.ERROR, null);
    }

    @Test
    public void tellsTheLoadOfTheLastHour() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        Reply reply = server.get("/api/v1/resources/node-1/load");
        assertEquals(200, reply.status());
        assertEquals("1970-01-01T00:01:00Z", reply.json().at("/items/0/minute").asText());
        assertEquals(1.25, reply.json().at("/items/1/load").asDouble(), 0);
    }

    @Test
    public void tellsHowAMachineDidAndAllOfThem() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        Reply day = server.get("/api/v1/resources/node-1/history");
        assertEquals(200, day.status());
        assertEquals("1970-01-01T00:15:00Z", day.json().at("/items/0/from").asText());
        assertEquals(0.5, day.json().at("/items/0/used").asDouble(), 0);
        assertTrue("it does not tell", day.json().at("/items/0/receivedKbs").isNull());
        Reply year = server.get("/api/v1/history?span=year");
        assertEquals("1970-01-05T00:00:00Z", year.json().at("/items/0/from").asText());
        assertEquals(120, year.json().at("/items/0/receivedKbs").asDouble(), 0);
        assertEquals(400, server.get("/api/v1/history?span=decade").status());
        assertEquals(404, server.get("/api/v1/resources/nobody/history").status());
    }

    @Test
    public void tellsTheLoadOfAllMachinesPageByPage() {
        Reply first = server.get("/api/v1/resource-loads?limit=2");
        assertEquals(200, first.status());
        assertEquals(2, first.json().at("/items").size());
        assertEquals(60, first.json().at("/items/0/loads").size());
        Reply last = server.get("/api/v1/resource-loads?limit=2&after=" + first.at("next"));
        assertEquals(3, last.json().at("/items/0/resource").asLong());
        assertTrue(last.json().path("next").isNull());
    }

    @Test
    public void tellsWhetherAMachineHasPower() {
        assertEquals("on", server.get("/api/v1/resources/node-1/power").at("state"));
        assertEquals("off", server.get("/api/v1/resources/node-2/power").at("state"));
        assertEquals(404, server.get("/api/v1/resources/nobody/power").status());
    }

    @Test
    public void tellsWhatItsBmcTellsInPages() {
        assertEquals(
                10,
                server.get("/api/v1/resources/node-1/abilities")
                        .json()
                        .at("/items")
                        .size());
        assertEquals(
                0,
                server.get("/api/v1/resources/node-2/abilities")
                        .json()
                        .at("/items")
                        .size());
        Reply first = server.get("/api/v1/resources/node-1/sensors?limit=1");
        assertEquals("ok", first.json().at("/items/0/status").asText());
        assertEquals(24.5, first.json().at("/items/0/value").asDouble(), 0);
        Reply last = server.get("/api/v1/resources/node-1/sensors?limit=1&after=" + first.at("next"));
        assertEquals("critical", last.json().at("/items/0/status").asText());
        assertTrue(last.json().at("/items/0/value").isNull()
                || last.json().at("/items/0/value").isMissingNode());
        Reply log = server.get("/api/v1/resources/node-1/bmc-log");
        assertEquals("2026-01-02T03:04:05Z", log.json().at("/items/0/time").asText());
        assertEquals(
                "2.1",
                server.get("/api/v1/resources/node-1/firmware")
                        .json()
                        .at("/items/0/version")
                        .asText());
        assertEquals(503, server.get("/api/v1/resources/node-2/sensors").status());
        assertEquals(404, server.get("/api/v1/resources/nobody/bmc-log").status());
    }

    @Test
    public void lightsItsLocatorAndPutsItOut() {
        String path = "/api/v1/resources/node-1/identify";
        assertEquals(204, server.post(path, "{}").status());
        assertEquals(Map.of(1L, true), services.knownPower.lit);
        assertEquals(204, server.post(path, "{\"light\":\"off\"}").status());
        assertEquals(Map.of(1L, false), services.knownPower.lit);
        assertEquals(400, server.post(path, "{\"light\":\"blue\"}").status());
        assertEquals(503, server.post("/api/v1/resources/node-2/identify", "{}").status());
    }

    @Test
    public void keepsWhatAPluginMustKnowOfAMachineAndTellsNoSecret() {
        String settings = "/api/v1/resources/node-1/settings";
        Reply before = server.get(settings);
        assertEquals("ipmi", before.json().at("/items/0/plugin").asText());
        assertEquals("secret", before.json().at("/items/1/type").asText());
        assertFalse(before.json().at("/items/0/answered").asBoolean());
        Reply wrong = server.put(settings + "/ipmi", "{'password':'hunter2'}".replace('\'', '"'));
        assertEquals(422, wrong.status());
        assertEquals("An answer is needed.", wrong.json().at("/errors/address").asText());
        assertEquals(404, server.put(settings + "/xen", "{}").status());
        String answers = "{'answers':{'address':'10.0.0.9','password':'hunter2'}}".replace('\'', '"');
        assertEquals(204, server.put(settings + "/ipmi", answers).status());
        Reply after = server.get(settings);
        assertEquals("10.0.0.9", after.json().at("/items/0/answer").asText());
        assertTrue(after.json().at("/items/1/answered").asBoolean());
        assertFalse(after.json().toString(), after.json().toString().contains("hunter2"));
        assertFalse(
                services.knownAudit.entries.toString(),
                services.knownAudit.entries.toString().contains("hunter2"));
        assertEquals(204, server.delete(settings + "/ipmi").status());
        assertFalse(server.get(settings).json().at("/items/0/answered").asBoolean());
    }

    @Test
    public void listsMachinesPageByPage() {
        Reply first = server.get("/api/v1/resources?limit=2");
        assertEquals(200, first.status());
        assertEquals(2, first.json().path("items").size());
        Reply second = server.get("/api/v1/resources?limit=2&after=" + first.at("next"));
        assertEquals("node-3", second.json().path("items").path(0).path("name").asText());
        assertTrue(second.json().path("next").isNull());
    }

    @Test
    public void filtersByState() {
        Reply idle = server.get("/api/v1/resources?state=idle");
        assertEquals(1, idle.json().path("items").size());
        assertEquals(1, idle.json().path("items").path(0).path("id").asLong());
    }

    @Test
    public void refusesAStateThatIsNone() {
        Reply reply = server.get("/api/v1/resources?state=sleepy");
        assertEquals(400, reply.status());
        assertEquals("application/problem+json", reply.header("content-type"));
        assertTrue(reply.at("reason"), reply.at("reason").contains("idle"));
    }

    @Test
    public void refusesAParameterThatIsNone() {
        assertEquals(400, server.get("/api/v1/resources?colour=red").status());
    }

    @Test
    public void refusesALimitOutOfRange() {
        assertEquals(400, server.get("/api/v1/resources?limit=0").status());
        assertEquals(400, server.get("/api/v1/resources?limit=1001").status());
        assertEquals(400, server.get("/api/v1/resources?limit=99999999999").status());
    }

    @Test
    public void showsAMachineByNumberNameAndMac() {
        for (String id : new String[] {"1", "node-1", "52:54:00:aa:00:01", "52%3A54:00:aa:00:01"}) {
            Reply reply = server.get("/api/v1/resources/" + id);
            assertEquals(id, 200, reply.status());
            assertEquals("52:54:00:aa:00:01", reply.at("mac"));
            assertEquals("node", reply.at("kind"));
            assertEquals("idle", reply.at("state"));
            assertEquals(8192, reply.json().path("memoryMb").asLong());
            assertEquals(
                    "e1000", reply.json().path("nics").path(0).path("driver").asText());
        }
    }

    @Test
    public void saysThatThereIsNoSuchMachine() {
        Reply reply = server.get("/api/v1/resources/9");
        assertEquals(404, reply.status());
        assertEquals("9", reply.at("subject"));
        assertEquals("urn:qrm:problem:not-found", reply.at("type"));
    }

    @Test
    public void startsAnActionAndSaysWhereToLookOn() {
        Reply reply = server.post("/api/v1/resources/node-1/actions", "{\"action\":\"power-on\"}");
        assertEquals(202, reply.status());
        assertEquals("/api/v1/operations/1", reply.header("location"));
        assertEquals("resource.power-on", reply.at("kind"));
        assertEquals("queued", reply.at("state"));
        assertEquals(200, server.get(reply.header("location")).status());
    }

    @Test
    public void answersConflictWithItsReason() {
        Reply reply = server.post("/api/v1/resources/3/actions", "{\"action\":\"reboot\"}");
        assertEquals(409, reply.status());
        assertEquals("it is in state error", reply.at("reason"));
        assertEquals("Wait until it reports.", reply.at("remedy"));
    }

    @Test
    public void refusesAnActionThatIsNone() {
        Reply reply = server.post("/api/v1/resources/1/actions", "{\"action\":\"explode\"}");
        assertEquals(400, reply.status());
        assertEquals("action", reply.at("subject"));
        assertTrue(reply.at("reason"), reply.at("reason").contains("local-boot"));
    }

    @Test
    public void renamesAMachine() {
        Reply reply = server.send("admin", "PATCH", "/api/v1/resources/1", "{\"name\":\"db\"}");
        assertEquals(200, reply.status());
        assertEquals("db", reply.at("name"));
        assertEquals(
                400,
                server.send("admin", "PATCH", "/api/v1/resources/1", "{\"name\":\"../x\"}")
                        .status());
    }

    @Test
    public void tagsAMachineAndTakesTagsAway() {
        Reply reply = server.send("operator", "PUT", "/api/v1/resources/1/tags/rack=7", "");
        assertEquals(reply.text(), 200, reply.status());
        assertEquals("rack=7", reply.json().at("/tags/0").asText());
        assertEquals(
                400,
                server.send("operator", "PUT", "/api/v1/resources/1/tags/a%20b", "")
                        .status());
        assertEquals(404, server.delete("/api/v1/resources/1/tags/gpu").status());
        assertEquals(204, server.delete("/api/v1/resources/1/tags/rack").status());
        server.get("/api/v1/resources?tag=rack%3D7");
        assertEquals("rack=7", services.knownResources.lastFilter.get(ResourceField.TAG));
    }

    @Test
    public void saysWhomAMachineBelongsToAndWhatOthersShouldKnow() {
        Reply reply = server.send(
                "operator", "PATCH", "/api/v1/resources/1", "{\"owner\":\" ann \",\"note\":\"# Fan\\nloud\"}");
        assertEquals(reply.text(), 200, reply.status());
        assertEquals("ann", reply.at("owner"));
        assertEquals("# Fan\nloud", reply.at("note"));
        assertEquals(reply.header("etag"), server.get("/api/v1/resources/1").header("etag"));
        assertEquals(
                "bob",
                server.patch("/api/v1/resources/1", "{\"owner\":\"bob\"}").at("owner"));
        assertEquals("# Fan\nloud", server.get("/api/v1/resources/1").at("note"));
        server.get("/api/v1/resources?owner=bob&sort=-owner");
        assertEquals("bob", services.knownResources.lastFilter.get(ResourceField.OWNER));
        server.get("/api/v1/resources?query=owner:ann");
        assertEquals("ann", services.knownResources.lastFilter.get(ResourceField.OWNER));
    }

    @Test
    public void whatIsNoRemarkIsRefused() {
        assertEquals(400, server.patch("/api/v1/resources/1", "{}").status());
        assertEquals(
                400,
                server.patch("/api/v1/resources/1", "{\"owner\":\"a\\nb\"}").status());
        assertEquals(
                400,
                server.patch("/api/v1/resources/1", "{\"note\":\"" + "x".repeat(10_001) + "\"}")
                        .status());
        assertEquals(
                400,
                server.patch("/api/v1/resources/1", "{\"name\":\"db\",\"owner\":\"ann\"}")
                        .status());
        assertEquals(
                403,
                server.send("viewer", "PATCH", "/api/v1/resources/1", "{\"owner\":\"ann\"}")
                        .status());
        assertEquals(
                403,
                server.send("operator", "PATCH", "/api/v1/resources/1", "{\"name\":\"db\"}")
                        .status());
    }

    @Test
    public void saysWhichPartIsMissing() {
        services.loseAll();
        Reply reply = server.get("/api/v1/resources");
        assertEquals(503, reply.status());
        assertTrue(reply.at("detail"), reply.at("detail").contains("resources"));
    }
}
