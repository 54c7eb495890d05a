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
import org.junit.Rule;
import org.junit.Test;
import org.qrm.plugin.ipmi.internal.IpmiSimulator;

/** A machine whose BMC is known, from the answers to its power. */
public class IpmiIT {

    private static final String PASSWORD = "power by a simulated BMC";

    @ClassRule
    public static final IpmiSimulator BMC = new IpmiSimulator();

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private static RestClient rest;
    private static Process machine;

    @BeforeClass
    public static void aMachine() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-ipmi");
        SimulatedSite.admit(rest);
        machine = SimulatedSite.machines(SERVER, 1);
        rest.await(
                "ipmi is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("ipmi"));
        rest.make("/plugins/ipmi/actions", "{\"action\":\"register\"}");
        rest.make("/plugins/ipmi/actions", "{\"action\":\"install\"}");
        rest.await("ipmi is installed", "/plugins/ipmi", SimulatedSite.is("state", "installed"));
        rest.await(
                "the machine is idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 1);
    }

    @AfterClass
    public static void end() throws InterruptedException {
        if (machine != null) {
            machine.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void isSwitchedOnOnceItsBmcIsKnown() throws Exception {
        answer(Map.of("password", "another"));
        JsonNode refused = switchOn();
        assertEquals("failed", refused.get("state").asText());
        assertTrue(refused.toString(), refused.get("reason").asText().contains("RAKP 2 HMAC is invalid"));

        answer(Map.of());
        assertEquals("off", rest.get("/resources/1/power").get("state").asText());
        JsonNode done = switchOn();
        assertEquals(done.toString(), "done", done.get("state").asText());
        assertEquals(List.of("set boot pxe", "set power 1"), BMC.orders());
        assertEquals("on", rest.get("/resources/1/power").get("state").asText());

        String log = Files.readString(SERVER.data().resolve("log/qrm.log"));
        assertFalse("the BMC's password is in the log", log.contains(IpmiSimulator.PASSWORD));
        assertFalse(
                "the BMC's password is told",
                rest.get("/resources/1/settings").toString().contains(IpmiSimulator.PASSWORD));
    }

    @Test
    public void isConfiguredByClicks() throws Exception {
        Browser browser = console.browser();
        OpenConsole.logIn(browser, "admin", PASSWORD);
        OpenConsole.show(browser, "resources/1?tab=settings");
        browser.awaitText("ipmi");
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("settings.png"));
        browser.click("main", "Configure for ipmi…");
        Map<String, String> answers = BMC.answers(Map.of());
        for (String name : List.of("user", "password", "port")) {
            browser.fill("#" + name, answers.get(name));
        }
        browser.fill("#address", "-x");
        browser.click("dialog", "Accept");
        browser.awaitText("\"-x\" is neither a host name nor an IPv4 address");
        assertEquals(List.of(), new Accessibility(browser).violations());
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("settings-wrong.png"));
        browser.fill("#address", answers.get("address"));
        browser.eval(
                "{ const choice = document.querySelector('#cipherSuite'); choice.value = '3'; choice.dispatchEvent(new Event('change')); }");
        browser.click("dialog", "Accept");
        browser.awaitText("is configured for ipmi.");
        browser.awaitText("127.0.0.1");
        assertEquals(List.of(), new Accessibility(browser).violations());
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("settings-answered.png"));
        browser.resize(390, 800);
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("settings-phone.png"));
        browser.resize(1280, 800);
        OpenConsole.show(browser, "resources/1");
        browser.click("main", "Ask for its power");
        browser.awaitText("The power of node-025151000001: ");
        OpenConsole.show(browser, "resources/1?tab=settings");
        browser.click("main", "Unconfigure for ipmi");
        browser.click("dialog", "Unconfigure");
        browser.awaitText("It was told nothing about this machine.");
    }

    private static void answer(Map<String, String> others) throws Exception {
        String answers = new ObjectMapper().writeValueAsString(Map.of("answers", BMC.answers(others)));
        rest.replace("/resources/1/settings/ipmi", answers);
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
