package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.plugin.redfish.internal.RedfishSimulator;
import org.qrm.plugin.redfish.internal.SimulatedSystem;

/** A machine whose Redfish service is known, from the answers to its power. */
public class RedfishIT {

    private static final String PASSWORD = "power by a simulated service";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static final RedfishSimulator SERVICE = new RedfishSimulator();
    private static final SimulatedSystem SYSTEM = SERVICE.add(new SimulatedSystem("1"));

    private static RestClient rest;
    private static Process machine;

    @BeforeClass
    public static void aMachine() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-redfish");
        SimulatedSite.admit(rest);
        machine = SimulatedSite.machines(SERVER, 1);
        rest.await(
                "redfish is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("redfish"));
        rest.make("/plugins/redfish/actions", "{\"action\":\"register\"}");
        rest.make("/plugins/redfish/actions", "{\"action\":\"install\"}");
        rest.await("redfish is installed", "/plugins/redfish", SimulatedSite.is("state", "installed"));
        rest.await(
                "the machine is idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 1);
    }

    @AfterClass
    public static void end() throws InterruptedException {
        SERVICE.close();
        if (machine != null) {
            machine.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void isSwitchedOnOnceItsServiceIsKnown() throws Exception {
        answer(Map.of("fingerprint", ""));
        JsonNode refused = switchOn();
        assertEquals("failed", refused.get("state").asText());
        assertTrue(
                refused.toString(),
                refused.get("reason")
                        .asText()
                        .contains("Its fingerprint is "
                                + SERVICE.answers(Map.of()).get("fingerprint")));

        answer(Map.of());
        assertEquals("off", rest.get("/resources/1/power").get("state").asText());
        JsonNode done = switchOn();
        assertEquals(done.toString(), "done", done.get("state").asText());
        assertEquals(List.of("On"), SYSTEM.orders);
        assertEquals("Pxe Once", SYSTEM.boot());
        assertEquals("on", rest.get("/resources/1/power").get("state").asText());

        String log = Files.readString(SERVER.data().resolve("log/qrm.log"));
        assertFalse("the service's password is in the log", log.contains(RedfishSimulator.PASSWORD));
        assertFalse(
                "the service's password is told",
                rest.get("/resources/1/settings").toString().contains(RedfishSimulator.PASSWORD));
    }

    private static void answer(Map<String, String> others) throws Exception {
        String answers = new ObjectMapper().writeValueAsString(Map.of("answers", SERVICE.answers(others)));
        rest.replace("/resources/1/settings/redfish", answers);
    }

    private static JsonNode switchOn() throws Exception {
        String operation = "/operations/"
                + rest.make("/resources/1/actions", "{\"action\":\"power-on\"}")
                        .get("id")
                        .asText();
        rest.await(
                "it is over",
                operation,
                work -> List.of("done", "failed").contains(work.get("state").asText()));
        return rest.get(operation);
    }
}
