package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** Partitions, many at a time, whose hosts restart, fail and fall silent: on simulated machines inside the server. */
public class SimulatedPartitionsIT {

    private static final String PASSWORD = "simulated partitions";
    private static final int MANY = 40;

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;
    private static String host;

    @BeforeClass
    public static void oneHost() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-simulator");
        rest.await(
                "it is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("simulator"));
        rest.make("/plugins/simulator/actions", "{\"action\":\"register\"}");
        karaf("simulator:start --memory 16384 1");
        rest.make(
                "/storage-servers",
                "{'name':'sim','type':'simulated','address':'10.0.0.1','managementAddress':'10.0.0.1','exportRoot':'/x'}"
                        .replace('\'', '"'));
        rest.make(
                "/filesystem-images",
                "{'name':'host','storageServer':'sim','source':{'type':'empty'}}".replace('\'', '"'));
        rest.await("the image is ready", "/filesystem-images/host", SimulatedSite.is("state", "ready"));
        rest.make(
                "/virtual-environments",
                "{'name':'hosts','filesystemImage':'host','mode':'multi','partitioning':'simulator'}"
                        .replace('\'', '"'));
        rest.await(
                "the machine is idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 1);
        rest.make("/virtual-environments/hosts/actions", "{\"action\":\"start\"}");
        host = rest.await("it is a host", "/virtual-environments/hosts", SimulatedSite.is("state", "active"))
                .get("resources")
                .get(0)
                .asText();
    }

    @Before
    public void nothingIsOnIt() throws Exception {
        for (JsonNode each : partitions()) {
            rest.make("/partitions/" + each.get("id").asText() + "/actions", "{\"action\":\"remove\",\"force\":true}");
        }
        rest.await("nothing is on it", list(), all -> all.get("items").isEmpty());
        assertEquals(16384 - 512, freeMb());
    }

    @Test
    public void aHostThatRestartsHasItsPartitionsAgain() throws Exception {
        create(MANY);
        awaitIdle(MANY);
        assertEquals(16384 - 512 - MANY * (128 + 8), freeMb());
        karaf("simulator:power 1 cycle");
        rest.await(
                "the restart is told",
                "/events?type=host.restarted",
                all -> !all.get("items").isEmpty());
        rest.await(
                "all run again",
                "/operations?limit=1000",
                all -> all.get("items").findParents("kind").stream()
                        .anyMatch(work -> work.get("kind").asText().equals("partition.restore")
                                && work.get("state").asText().equals("done")));
        awaitIdle(MANY);
        assertEquals(16384 - 512 - MANY * (128 + 8), freeMb());
    }

    @Test
    public void aHostThatRefusesLeavesNothingBehind() throws Exception {
        karaf("simulator:hypervisor start \"out of grants\"");
        try {
            String operation = create(3);
            JsonNode failed = rest.await("it fails", "/operations/" + operation, SimulatedSite.is("state", "failed"));
            assertTrue(failed.toString(), failed.get("reason").asText().contains("out of grants"));
            assertEquals(0, partitions().size());
        } finally {
            karaf("simulator:hypervisor start");
        }
        create(1);
        awaitIdle(1);
    }

    @Test
    public void aPartitionThatLosesItsPowerIsMissed() throws Exception {
        create(2);
        awaitIdle(2);
        JsonNode lost = partitions().get(0);
        karaf("simulator:power " + lost.get("mac").asText() + " off");
        rest.await("it is off", "/partitions/" + lost.get("id").asText(), SimulatedSite.is("state", "stopped"));
        assertEquals(
                "off",
                rest.get("/resources/" + lost.get("id").asText()).get("state").asText());
        assertEquals(
                "the other runs on", "running", partitions().get(1).get("state").asText());
        rest.make("/partitions/" + lost.get("id").asText() + "/actions", "{\"action\":\"start\"}");
        awaitIdle(2);
    }

    @Test
    public void aSilentHostIsNotAskedInVain() throws Exception {
        karaf("simulator:fault 1 silent");
        try {
            HttpResponse<String> answer = rest.post(list(), "{\"count\":1,\"cpus\":1,\"memoryMb\":128}");
            assertEquals(answer.body(), 503, answer.statusCode());
            assertTrue(answer.body(), answer.body().contains("it does not answer"));
        } finally {
            karaf("simulator:fault 1 none");
        }
    }

    @Test
    public void aPartitionThatIsPausedStandsStillAndGoesOn() throws Exception {
        create(1);
        awaitIdle(1);
        String id = partitions().get(0).get("id").asText();
        rest.make("/partitions/" + id + "/actions", "{\"action\":\"pause\"}");
        rest.await("it is paused", "/partitions/" + id, SimulatedSite.is("state", "paused"));
        assertTrue(karaf("simulator:list").contains("paused"));
        rest.make("/partitions/" + id + "/actions", "{\"action\":\"resume\"}");
        rest.await("it goes on", "/partitions/" + id, SimulatedSite.is("state", "running"));
        awaitIdle(1);
    }

    /** Answers the operation's id. */
    private static String create(int count) throws Exception {
        return rest.make(list(), "{\"count\":" + count + ",\"cpus\":1,\"memoryMb\":128}")
                .get("id")
                .asText();
    }

    private static void awaitIdle(int count) throws Exception {
        rest.await(
                count + " are idle",
                "/resources?kind=partition&state=idle&limit=1000",
                all -> all.get("items").size() == count);
    }

    private static String list() {
        return "/resources/" + host + "/partitions";
    }

    private static JsonNode partitions() throws Exception {
        return rest.get(list() + "?limit=1000").get("items");
    }

    private static long freeMb() throws Exception {
        return rest.get("/resources/" + host + "/capacity").get("memoryFreeMb").asLong();
    }

    private static String karaf(String command) throws Exception {
        return SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, command);
    }
}
