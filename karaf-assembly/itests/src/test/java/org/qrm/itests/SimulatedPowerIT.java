package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** A machine that is off is switched on for a virtual environment: a simulated one, inside the server. */
public class SimulatedPowerIT {

    private static final ServerProcess SERVER = new ServerProcess();
    private static final MachinesInside MACHINE = new MachinesInside(SERVER, 1);

    @ClassRule
    public static final RuleChain ALL = RuleChain.outerRule(SERVER).around(MACHINE);

    private final RestClient rest = MACHINE.rest();

    @Test
    public void aMachineThatIsOffIsSwitchedOnForAVirtualEnvironment() throws Exception {
        rest.make("/virtual-environments", "{\"name\":\"web\",\"filesystemImage\":\"web\"}");
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
}
