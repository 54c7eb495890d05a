package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.qrm.plugin.ipmi.internal.IpmiSimulator;

/** A machine whose BMC is known, from the answers to its power. */
public class IpmiIT {

    private static final IpmiSimulator BMC = new IpmiSimulator();
    private static final ServerProcess SERVER = new ServerProcess();
    private static final SwitchedMachine MACHINE = new SwitchedMachine(SERVER, "ipmi");

    private static final String TERMINAL = "document.querySelector('.xterm-accessibility')";

    @ClassRule
    public static final RuleChain ALL = RuleChain.outerRule(BMC).around(SERVER).around(MACHINE);

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    @Test
    public void isSwitchedOnOnceItsBmcIsKnown() throws Exception {
        MACHINE.answer(BMC.answers(Map.of("password", "another")));
        JsonNode refused = MACHINE.switchOn();
        assertEquals("failed", refused.get("state").asText());
        assertTrue(refused.toString(), refused.get("reason").asText().contains("RAKP 2 HMAC is invalid"));

        MACHINE.await("powerProblem", "the password is not that of this user");

        MACHINE.answer(BMC.answers(Map.of()));
        MACHINE.await("power", "off");
        assertEquals("off", MACHINE.power());
        JsonNode done = MACHINE.switchOn();
        assertEquals(done.toString(), "done", done.get("state").asText());
        assertEquals(List.of("set boot pxe", "set power 1"), BMC.orders());
        assertEquals("on", MACHINE.power());
        MACHINE.await("power", "on");
        assertEquals(List.of("Inlet Temp", "Fan 1"), MACHINE.read("sensors", "name"));
        assertEquals(List.of("Temperature Inlet Temp"), MACHINE.read("bmc-log", "sensor"));
        assertEquals(List.of("9.08"), MACHINE.read("firmware", "version"));

        MACHINE.assertIsToldToNobody(IpmiSimulator.PASSWORD);
    }

    @Test
    public void itsConsoleEndsWithThePlugin() throws Exception {
        MACHINE.answer(BMC.answers(Map.of()));
        String console = MACHINE.openConsole();
        BMC.line().say("booting\r\nweb1 login: ");
        assertEquals("booting\r\nweb1 login: ", MACHINE.awaitWritten(console, "login: "));
        MACHINE.reinstall();
        MACHINE.awaitEnd(console);
        MACHINE.assertIsToldToNobody(IpmiSimulator.PASSWORD);
    }

    @Test
    public void isConfiguredByClicks() throws Exception {
        Browser browser = console.browser();
        OpenConsole.logIn(browser, "admin", SwitchedMachine.PASSWORD);
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
        OpenConsole.inBothColours(browser, "settings-wrong");
        browser.fill("#address", answers.get("address"));
        browser.eval(
                "{ const choice = document.querySelector('#cipherSuite'); choice.value = '3'; choice.dispatchEvent(new Event('change')); }");
        browser.click("dialog", "Accept");
        browser.awaitText("is configured for ipmi.");
        browser.awaitText("127.0.0.1");
        OpenConsole.inBothColours(browser, "settings-answered");
        browser.click("main", "Ask for its power");
        browser.awaitText("The power of node-025151000001: ");
        browser.resize(390, 800);
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("settings-phone.png"));
        browser.resize(1280, 800);
        OpenConsole.show(browser, "resources/1");
        browser.click("main", "Ask for its power");
        browser.awaitText("The power of node-025151000001: ");
        OpenConsole.show(browser, "resources/1?tab=bmc");
        browser.click("main", "Read the sensors");
        browser.awaitText("Inlet Temp");
        browser.click("main", "Read the log");
        browser.awaitText("Upper Non-critical going high");
        browser.click("main", "Read the firmware");
        browser.awaitText("9.08");
        browser.click("main", "Light its locator");
        browser.awaitText("The locator of node-025151000001 is on.");
        OpenConsole.inBothColours(browser, "bmc");
        OpenConsole.show(browser, "resources/1?tab=console");
        browser.click("main", "Open a terminal");
        browser.await("it is open", "document.activeElement?.className === 'xterm-helper-textarea'");
        BMC.line().say("web1 login: ");
        browser.await("it shows what is written", TERMINAL + "?.innerText.includes('web1 login:')");
        browser.type("root");
        browser.press("Enter");
        BMC.line().await("root\r");
        OpenConsole.inBothColours(browser, "console-of-a-machine");
        OpenConsole.show(browser, "resources");
        browser.awaitText("Power");
        OpenConsole.inBothColours(browser, "resources-power");
        OpenConsole.show(browser, "resources/1?tab=settings");
        browser.click("main", "Unconfigure for ipmi");
        browser.click("dialog", "Unconfigure");
        browser.awaitText("It was told nothing about this machine.");
    }
}
