package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** A machine that runs on but is not heard of is fenced, and its environment starts on another one: simulated ones, inside the server. */
public class HealingIT {

    private static final String PASSWORD = "healing machines";
    private static final String VE = "/virtual-environments/web";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;

    @BeforeClass
    public static void twoMachines() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_SILENCE_SECONDS", "15")
                .start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-simulator");
        rest.await(
                "it is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("simulator"));
        plugin("register", "registered");
        rest.replace("/plugins/simulator/wizard", "{\"machines\":\"2\"}");
        plugin("install", "installed");
        plugin("run-once", "active");
        rest.make(
                "/storage-servers",
                "{'name':'sim','type':'simulated','address':'10.0.0.1','managementAddress':'10.0.0.1','exportRoot':'/x'}"
                        .replace('\'', '"'));
        rest.make(
                "/filesystem-images",
                "{'name':'web','storageServer':'sim','source':{'type':'empty'}}".replace('\'', '"'));
        rest.await("the image is ready", "/filesystem-images/web", SimulatedSite.is("state", "ready"));
        rest.make("/virtual-environments", "{\"name\":\"web\",\"filesystemImage\":\"web\",\"heal\":\"restart\"}");
        rest.await(
                "both are idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 2);
    }

    @Test
    public void aSilentMachineIsFencedAndReplaced() throws Exception {
        rest.make(VE + "/actions", "{\"action\":\"start\"}");
        JsonNode running = rest.await("it is active", VE, SimulatedSite.is("state", "active"));
        String lost = running.get("resources").get(0).asText();
        String mac = rest.get("/resources/" + lost).get("mac").asText();
        assertEquals(
                "on", rest.get("/resources/" + lost + "/power").get("state").asText());

        JsonNode plan = rest.make(VE + "/healing", "{\"dryRun\":true}");
        assertTrue(plan.toString(), plan.get("possible").asBoolean());
        String spare = plan.get("machines").get(0).get("spare").asText();
        assertFalse(plan.toString(), spare.equals(lost));
        assertEquals(
                409,
                rest.post(VE + "/fenced-machines", "{\"resource\":" + lost + "}")
                        .statusCode());

        SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, "simulator:fault " + mac + " silent");
        JsonNode healed = rest.await(
                "it is active on the other one",
                VE,
                node -> node.path("state").asText().equals("active")
                        && node.path("resources").toString().equals("[" + spare + "]"));
        assertEquals("web", healed.get("filesystemImage").asText());
        assertEquals("off", rest.get("/resources/" + lost).get("state").asText());
        assertEquals(
                "off", rest.get("/resources/" + lost + "/power").get("state").asText());
        JsonNode heal = rest.get("/operations?subject=virtual-environment/web&kind=virtual-environment.heal")
                .get("items")
                .get(0);
        assertEquals(heal.toString(), "done", heal.get("state").asText());
        String log =
                rest.get("/operations/" + heal.get("id").asText()).get("log").toString();
        assertTrue(log, log.contains("Fenced: "));

        SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, "simulator:fault " + mac + " none");
        rest.make("/resources/" + lost + "/actions", "{\"action\":\"power-on\"}");
        JsonNode back = rest.await("it joins the pool", "/resources/" + lost, SimulatedSite.is("state", "idle"));
        assertTrue(
                back.toString(),
                back.path("environmentId").isMissingNode()
                        || back.path("environmentId").isNull());
        assertEquals("active", rest.get(VE).get("state").asText());
        assertEquals("[" + spare + "]", rest.get(VE).get("resources").toString());
    }

    private static void plugin(String action, String state) throws Exception {
        JsonNode work = rest.make("/plugins/simulator/actions", "{\"action\":\"" + action + "\"}");
        if (work.has("id") && work.get("id").isNumber()) {
            rest.await(action, "/operations/" + work.get("id").asText(), SimulatedSite.is("state", "done"));
        }
        rest.await(action, "/plugins/simulator", SimulatedSite.is("state", state));
    }
}
