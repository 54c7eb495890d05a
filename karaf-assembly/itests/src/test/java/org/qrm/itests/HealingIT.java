package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** A machine that runs on but is not heard of is fenced, and its environment starts on another one: simulated ones, inside the server. */
public class HealingIT {

    private static final String VE = "/virtual-environments/web";

    private static final ServerProcess SERVER = new ServerProcess();
    private static final MachinesInside MACHINES = new MachinesInside(SERVER, 2);

    @ClassRule
    public static final RuleChain ALL = RuleChain.outerRule(SERVER).around(MACHINES);

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private final RestClient rest = MACHINES.rest();

    @Before
    public void bothAreIdle() throws Exception {
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

        MACHINES.karaf("simulator:fault " + mac + " silent");
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

        JsonNode spares = rest.get("/spares?spare=off&heal=restart").get("items");
        assertEquals(spares.toString(), lost, spares.path(0).path("resource").asText());
        assertEquals(409, rest.post("/storm/actions", "{\"action\":\"go-on\"}").statusCode());

        MACHINES.karaf("simulator:fault " + mac + " none");
        rest.make("/resources/" + lost + "/actions", "{\"action\":\"power-on\"}");
        JsonNode back = rest.await("it joins the pool", "/resources/" + lost, SimulatedSite.is("state", "idle"));
        assertTrue(
                back.toString(),
                back.path("environmentId").isMissingNode()
                        || back.path("environmentId").isNull());
        assertEquals("active", rest.get(VE).get("state").asText());
        assertEquals("[" + spare + "]", rest.get(VE).get("resources").toString());

        isHealedByClicks(spare, lost);
    }

    /** Where it is not to be healed by itself. */
    private void isHealedByClicks(String lost, String spare) throws Exception {
        Browser browser = console.browser();
        MACHINES.logIn(browser);
        OpenConsole.show(browser, "environments/web");
        browser.click("main", "Change healing…");
        browser.fill("#healTags", "nowhere");
        browser.click("dialog", "Change");
        browser.awaitText("The healing of web is changed.");
        OpenConsole.show(browser, "");
        browser.awaitText("web would find no spare machine");
        OpenConsole.inBothColours(browser, "healing-overview");
        OpenConsole.show(browser, "environments");
        browser.await(
                "it is said of it", "document.querySelector('[data-title=\"Spare machine\"]').innerText === 'none'");
        OpenConsole.show(browser, "environments/web");
        browser.click("main", "Change healing…");
        browser.fill("#healTags", "");
        browser.fill("#healAttempts", "11");
        OpenConsole.inBothColours(browser, "healing-form");
        browser.fill("#healAttempts", "5");
        browser.fill("#heal", "none");
        browser.click("dialog", "Change");
        browser.awaitText("The healing of web is changed.");
        String mac = rest.get("/resources/" + lost).get("mac").asText();
        MACHINES.karaf("simulator:fault " + mac + " silent");
        rest.await("it is lost", VE, SimulatedSite.is("state", "error"));
        browser.click("main", "A machine has no power…");
        browser.await(
                "the machine is named",
                "document.querySelector('#resource')?.innerText.includes('"
                        + rest.get("/resources/" + lost).get("name").asText() + " (error)')");
        OpenConsole.inBothColours(browser, "healing-confirm");
        browser.click("dialog", "It has no power");
        browser.awaitText("Its healing does not wait for that of resource " + lost);
        browser.click("dialog", "Cancel");
        OpenConsole.inBothColours(browser, "healing-lost");
        browser.click("main", "Heal…");
        browser.click("dialog", "Heal");
        rest.await(
                "it is active on the first one again",
                VE,
                node -> node.path("state").asText().equals("active")
                        && node.path("resources").toString().equals("[" + spare + "]"));
    }
}
