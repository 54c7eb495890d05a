package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** A machine that is off is switched on for a virtual environment: a simulated one, inside the server. */
public class SimulatedPowerIT {

    private static final String PASSWORD = "simulated power";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;

    @BeforeClass
    public static void oneMachine() throws Exception {
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
        rest.replace("/plugins/simulator/wizard", "{\"machines\":\"1\"}");
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
        rest.make("/virtual-environments", "{\"name\":\"web\",\"filesystemImage\":\"web\"}");
    }

    @Test
    public void aMachineThatIsOffIsSwitchedOnForAVirtualEnvironment() throws Exception {
        String id = rest.await(
                        "the machine is idle",
                        "/resources?state=idle",
                        list -> list.get("items").size() == 1)
                .get("items")
                .get(0)
                .get("id")
                .asText();
        rest.make("/resources/" + id + "/actions", "{\"action\":\"power-off\"}");
        rest.await("it is off", "/resources/" + id, SimulatedSite.is("state", "off"));

        JsonNode placement = rest.get("/placement?runsOn=node");
        assertTrue(placement.toString(), placement.get("possible").asBoolean());
        assertEquals(
                "it is off, and will be switched on",
                placement.get("candidates").get(0).get("reasons").get(0).asText());

        rest.make("/virtual-environments/web/actions", "{\"action\":\"start\"}");
        rest.await("it is active", "/virtual-environments/web", SimulatedSite.is("state", "active"));
        assertEquals("active", rest.get("/resources/" + id).get("state").asText());
        rest.make("/virtual-environments/web/actions", "{\"action\":\"stop\"}");
        rest.await("it is idle", "/resources/" + id, SimulatedSite.is("state", "idle"));
    }

    private static void plugin(String action, String state) throws Exception {
        JsonNode work = rest.make("/plugins/simulator/actions", "{\"action\":\"" + action + "\"}");
        if (work.has("id") && work.get("id").isNumber()) {
            rest.await(action, "/operations/" + work.get("id").asText(), SimulatedSite.is("state", "done"));
        }
        rest.await(action, "/plugins/simulator", SimulatedSite.is("state", state));
    }
}
