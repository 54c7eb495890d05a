package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.AfterClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.qrm.plugin.redfish.internal.RedfishSimulator;
import org.qrm.plugin.redfish.internal.SimulatedSystem;

/** A machine whose Redfish service is known, from the answers to its power. */
public class RedfishIT {

    private static final RedfishSimulator SERVICE = new RedfishSimulator();
    private static final SimulatedSystem SYSTEM = SERVICE.add(new SimulatedSystem("1"));
    private static final ServerProcess SERVER = new ServerProcess();
    private static final SwitchedMachine MACHINE = new SwitchedMachine(SERVER, "redfish");

    @ClassRule
    public static final RuleChain ALL = RuleChain.outerRule(SERVER).around(MACHINE);

    @AfterClass
    public static void end() {
        SERVICE.close();
    }

    @Test
    public void isSwitchedOnOnceItsServiceIsKnown() throws Exception {
        MACHINE.answer(SERVICE.answers(Map.of("fingerprint", "")));
        JsonNode refused = MACHINE.switchOn();
        assertEquals("failed", refused.get("state").asText());
        assertTrue(
                refused.toString(),
                refused.get("reason")
                        .asText()
                        .contains("Its fingerprint is "
                                + SERVICE.answers(Map.of()).get("fingerprint")));

        MACHINE.await("powerProblem", "its certificate is not trusted here");

        MACHINE.answer(SERVICE.answers(Map.of()));
        MACHINE.await("power", "off");
        assertEquals("off", MACHINE.power());
        JsonNode done = MACHINE.switchOn();
        assertEquals(done.toString(), "done", done.get("state").asText());
        assertEquals(List.of("On"), SYSTEM.orders);
        assertEquals("Pxe Once", SYSTEM.boot());
        assertEquals("on", MACHINE.power());
        MACHINE.await("power", "on");
        assertEquals(List.of("Inlet Temp", "Fan 1", "Server Power", "PS1"), MACHINE.read("sensors", "name"));
        assertEquals(List.of("2", "1", "3"), MACHINE.read("bmc-log", "id"));
        assertEquals(List.of("BMC", "BIOS"), MACHINE.read("firmware", "name"));

        MACHINE.assertIsToldToNobody(RedfishSimulator.PASSWORD);
    }
}
