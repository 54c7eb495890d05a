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
import org.qrm.plugin.device.TestCertificate;
import org.qrm.plugin.webhookpower.internal.SimulatedSwitch;

/** A machine that a service of the site switches, from the answers to its power. */
public class WebhookPowerIT {

    private static final SimulatedSwitch SERVICE = new SimulatedSwitch();
    private static final ServerProcess SERVER = new ServerProcess();
    private static final SwitchedMachine MACHINE = new SwitchedMachine(SERVER, "webhook-power");

    @ClassRule
    public static final RuleChain ALL = RuleChain.outerRule(SERVER).around(MACHINE);

    @AfterClass
    public static void end() {
        SERVICE.close();
    }

    @Test
    public void isSwitchedOnOnceItsServiceIsKnown() throws Exception {
        JsonNode wrong = MACHINE.wrong(SERVICE.answers(Map.of("onAddress", "pdu", "pointer", "state")));
        assertTrue(wrong.toString(), wrong.has("onAddress"));
        assertTrue(wrong.toString(), wrong.has("pointer"));

        MACHINE.answer(SERVICE.answers(Map.of("fingerprint", "")));
        JsonNode refused = MACHINE.switchOn();
        assertEquals("failed", refused.get("state").asText());
        assertTrue(
                refused.toString(),
                refused.get("reason").asText().contains("Its fingerprint is " + TestCertificate.fingerprint()));
        assertEquals("it was told nothing", List.of(), SERVICE.requests);

        MACHINE.answer(SERVICE.answers(Map.of()));
        assertEquals("off", MACHINE.power());
        JsonNode done = MACHINE.switchOn();
        assertEquals(done.toString(), "done", done.get("state").asText());
        assertEquals("on", SERVICE.state());
        assertEquals("on", MACHINE.power());

        MACHINE.answer(SERVICE.answers(Map.of("stateAddress", "")));
        assertEquals("nobody tells", "unknown", MACHINE.power());

        JsonNode listed = MACHINE.answerByList(SERVICE.answers(Map.of()));
        assertEquals(listed.toString(), 1, listed.get("added").asInt());
        assertEquals("it is known by the list", "on", MACHINE.power());

        MACHINE.assertIsToldToNobody(SimulatedSwitch.TOKEN);
    }
}
