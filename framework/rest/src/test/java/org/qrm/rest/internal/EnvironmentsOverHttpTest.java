package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.HealingStorm;
import org.qrm.api.environment.SpareMachine;
import org.qrm.api.resource.ResourceState;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class EnvironmentsOverHttpTest {

    private static final String PATH = "/api/v1/virtual-environments";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void oneEnvironment() {
        services.knownResources.add(7, "node-7", ResourceState.IDLE, null);
        server.post(PATH, "{\"name\":\"web1\",\"filesystemImage\":\"debian\"}");
    }

    @Test
    public void createsOneWithEverythingGiven() {
        Reply reply = server.post(PATH, """
                {"name":"web2","bootImage":"default","filesystemImage":"debian","mode":"multi","partitioning":"xen",
                 "runsOn":"node","requirements":{"cpus":2,"cpuMhz":700,"memoryMb":256,"nics":2},
                 "kernelArguments":["quiet"],"description":"a web server"}""");
        assertEquals(201, reply.status());
        assertEquals(PATH + "/web2", reply.header("location"));
        assertEquals("multi", reply.at("mode"));
        assertEquals("inactive", reply.at("state"));
        assertEquals(256, reply.json().path("requirements").path("memoryMb").asLong());
        assertEquals("quiet", reply.json().path("kernelArguments").path(0).asText());
    }

    @Test
    public void fillsInWhatIsNotGiven() {
        Reply reply = server.get(PATH + "/web1");
        assertEquals(200, reply.status());
        assertEquals("default", reply.at("bootImage"));
        assertEquals("single", reply.at("mode"));
        assertEquals("node", reply.at("runsOn"));
        assertEquals(0, reply.json().path("requirements").path("cpus").asInt());
    }

    @Test
    public void takesSecretArgumentsAndAnswersTheirNamesOnly() {
        String secret = PATH + "/web1/secret-arguments/db.pw";
        Reply set = server.put(secret, "{\"value\":\"hunter2\"}");
        assertEquals(200, set.status());
        assertEquals("hunter2", services.knownEnvironments.lastSecret);
        assertEquals("db.pw", set.json().path("secretArguments").path(0).asText());
        assertFalse(set.text().contains("hunter2"));
        assertFalse(server.get(PATH).text().contains("hunter2"));
        assertFalse(services.knownAudit.entries.toString().contains("hunter2"));
        Reply refused = server.put(secret, "{\"value\":\"hunter2\\n\"}");
        assertEquals(400, refused.status());
        assertFalse(refused.text().contains("hunter2"));
        assertEquals(204, server.delete(secret).status());
        assertEquals(404, server.delete(secret).status());
    }

    @Test
    public void refusesATakenName() {
        assertEquals(
                409,
                server.post(PATH, "{\"name\":\"web1\",\"filesystemImage\":\"x\"}")
                        .status());
    }

    @Test
    public void namesTheFieldThatIsMissing() {
        Reply reply = server.post(PATH, "{\"name\":\"web3\"}");
        assertEquals(400, reply.status());
        assertEquals("filesystemImage", reply.at("subject"));
    }

    @Test
    public void refusesNegativeRequirements() {
        Reply reply = server.post(PATH, "{\"name\":\"web3\",\"filesystemImage\":\"x\",\"requirements\":{\"cpus\":-1}}");
        assertEquals(400, reply.status());
    }

    @Test
    public void listsThem() {
        Reply reply = server.get(PATH + "?state=inactive");
        assertEquals("web1", reply.json().path("items").path(0).path("name").asText());
        assertEquals(400, server.get(PATH + "?state=asleep").status());
    }

    @Test
    public void changesOneButNotItsName() {
        assertEquals(
                200,
                server.put(PATH + "/web1", "{\"filesystemImage\":\"other\"}").status());
        assertEquals("other", server.get(PATH + "/web1").at("filesystemImage"));
        assertEquals(
                400,
                server.put(PATH + "/web1", "{\"name\":\"web9\",\"filesystemImage\":\"o\"}")
                        .status());
    }

    @Test
    public void deletesOne() {
        assertEquals(204, server.delete(PATH + "/web1").status());
        assertEquals(404, server.delete(PATH + "/web1").status());
    }

    @Test
    public void startsOneOnNamedMachines() {
        Reply reply = server.post(PATH + "/web1/actions", "{\"action\":\"start\",\"resources\":[7,\"node-7\"]}");
        assertEquals(202, reply.status());
        assertEquals("virtual-environment/web1", reply.at("subject"));
        assertEquals(List.of(7L), services.knownEnvironments.lastStart.resources());
    }

    @Test
    public void refusesToStartOnAMachineThatIsNone() {
        Reply reply = server.post(PATH + "/web1/actions", "{\"action\":\"start\",\"resources\":[\"node-9\"]}");
        assertEquals(404, reply.status());
        assertEquals("node-9", reply.at("subject"));
    }

    @Test
    public void explainsWhereAStartWouldGo() {
        Reply reply = server.post(PATH + "/web1/actions", "{\"action\":\"start\",\"dryRun\":true,\"count\":1}");
        assertEquals(200, reply.status());
        assertTrue(reply.json().path("possible").asBoolean());
        assertEquals(7, reply.json().path("chosen").path(0).asLong());
        assertEquals(
                "memory 512 MiB < 1024 MiB",
                reply.json().path("candidates").path(1).path("reasons").path(0).asText());
    }

    @Test
    public void saysWhereOneWouldGoThatIsNotDescribedYet() {
        Reply reply = server.send(
                "viewer",
                "GET",
                "/api/v1/placement?runsOn=partition%3Axen&cpus=2&memoryMb=512&count=3&tags=rack%3D7+gpu&devices=A100,+tpm",
                null);
        assertEquals(200, reply.status());
        assertTrue(reply.json().path("possible").asBoolean());
        assertEquals(
                "partition:xen null Requirements[cpus=2, cpuMhz=0, memoryMb=512, nics=0, diskGb=0, gpus=0,"
                        + " tags=[gpu, rack=7], devices=[A100, tpm]] 3",
                services.knownEnvironments.lastPlan);
        assertEquals(200, server.get("/api/v1/placement").status());
        assertEquals(400, server.get("/api/v1/placement?cpus=-1").status());
        assertEquals(400, server.get("/api/v1/placement?count=0").status());
        assertEquals(400, server.get("/api/v1/placement?tags=rack%3D").status());
        assertEquals(
                400, server.get("/api/v1/placement?devices=" + "x".repeat(65)).status());
        assertEquals(400, server.get("/api/v1/placement?memory=1").status());
    }

    @Test
    public void answersARefusalWithItsFigures() {
        Reply reply = server.post(PATH + "/web1/actions", "{\"action\":\"start\",\"count\":11}");
        assertEquals(409, reply.status());
        assertEquals("urn:qrm:problem:refused", reply.at("type"));
        assertEquals("2 machines fit, 11 are needed", reply.at("reason"));
    }

    @Test
    public void stopsByForceOnlyWhenTold() {
        assertEquals(
                202,
                server.post(PATH + "/web1/actions", "{\"action\":\"stop\"}").status());
        assertEquals(false, services.knownEnvironments.lastForce);
        server.post(PATH + "/web1/actions", "{\"action\":\"stop\",\"force\":true}");
        assertEquals(true, services.knownEnvironments.lastForce);
    }

    @Test
    public void healsOneOrTellsWhatWouldBe() {
        assertEquals(
                "virtual-environment.heal",
                server.post(PATH + "/web1/healing", "{}").at("kind"));
        Reply plan = server.post(PATH + "/web1/healing", "{\"dryRun\":true}");
        assertEquals(200, plan.status());
        assertEquals("false", plan.at("possible"));
        assertTrue(plan.text(), plan.text().contains("\"fencing\":\"it would be switched off\""));
        assertEquals(
                202,
                server.post(PATH + "/web1/fenced-machines", "{\"resource\":\"node-7\"}")
                        .status());
        assertEquals(7, services.knownEnvironments.lastFenced);
        assertEquals(400, server.post(PATH + "/web1/fenced-machines", "{}").status());
    }

    @Test
    public void tellsHowOneIsHealed() {
        assertEquals("none", server.get(PATH + "/web1").at("heal"));
        String image = "\"filesystemImage\":\"other\",";
        String good =
                image + "\"heal\":\"restart\",\"healAttempts\":5,\"healAfter\":60,\"healTags\":[\"spare\",\"rack=7\"]";
        assertEquals(200, server.put(PATH + "/web1", "{" + good + "}").status());
        Reply healed = server.get(PATH + "/web1");
        assertEquals("restart", healed.at("heal"));
        assertEquals("5", healed.at("healAttempts"));
        assertEquals("60", healed.at("healAfter"));
        assertTrue(healed.text(), healed.text().contains("\"healTags\":[\"rack=7\",\"spare\"]"));
        for (String bad : List.of(
                "\"heal\":\"maybe\"",
                "\"healAttempts\":0",
                "\"healAttempts\":11",
                "\"healAfter\":-1",
                "\"healAfter\":86401",
                "\"healTags\":[\"no tag\"]")) {
            assertEquals(
                    bad,
                    400,
                    server.put(PATH + "/web1", "{" + image + bad + "}").status());
        }
        assertEquals("restart", server.get(PATH + "/web1").at("heal"));
    }

    @Test
    public void restartsOne() {
        Reply reply = server.post(PATH + "/web1/actions", "{\"action\":\"restart\"}");
        assertEquals("virtual-environment.restart", reply.at("kind"));
    }

    @Test
    public void refusesFieldsThatBelongToAnotherAction() {
        assertEquals(
                400,
                server.post(PATH + "/web1/actions", "{\"action\":\"stop\",\"count\":1}")
                        .status());
        assertEquals(
                400,
                server.post(PATH + "/web1/actions", "{\"action\":\"start\",\"force\":true}")
                        .status());
    }

    @Test
    public void tellsOfAStormAndHasHealingGoOn() {
        assertTrue(server.get("/api/v1/storm").json().path("since").isNull());
        assertEquals(9, server.get("/api/v1/storm").json().path("machines").asInt());
        assertEquals(
                409,
                server.post("/api/v1/storm/actions", "{\"action\":\"go-on\"}").status());
        services.knownEnvironments.storm = new HealingStorm(Instant.EPOCH, 9, 5);
        assertEquals("1970-01-01T00:00:00Z", server.get("/api/v1/storm").at("since"));
        Reply over = server.post("/api/v1/storm/actions", "{\"action\":\"go-on\"}");
        assertEquals(200, over.status());
        assertTrue(over.json().path("since").isNull());
    }

    @Test
    public void listsWhichWouldFindAMachine() {
        Healing restart = new Healing(HealMode.RESTART, 3, 0, List.of());
        services.knownEnvironments.spares = List.of(
                new SpareMachine("a", restart, SpareMachine.Found.IDLE, 7L, "node-7", "node-7 is idle, and fits"),
                new SpareMachine("b", restart, SpareMachine.Found.NONE, null, "", "no machine is free that fits"),
                new SpareMachine("c", Healing.NONE, SpareMachine.Found.NONE, null, "", "no machine is free that fits"));
        assertEquals(3, server.get("/api/v1/spares").json().path("items").size());
        Reply none = server.get("/api/v1/spares?spare=none&heal=restart");
        assertEquals(1, none.json().path("items").size());
        assertEquals("b", none.json().path("items").path(0).path("name").asText());
    }
}
