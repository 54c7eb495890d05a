package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;

/** The first page of the web console, when all machines are lost at once. */
public class ConsoleOverviewIT {

    private static final int MACHINES = 24;
    private static final String SILENT = "li[data-name=\"resource.silent\"]";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;
    private static Process machines;

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    @BeforeClass
    public static void machines() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", SimulatedSite.PASSWORD)
                .set("QRM_SILENCE_SECONDS", "20")
                .start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), SimulatedSite.PASSWORD);
        SimulatedSite.admit(rest);
        machines = SimulatedSite.machines(SERVER, MACHINES);
        rest.await(
                "they are idle",
                "/server",
                server -> server.path("resources").path("idle").asInt() == MACHINES);
    }

    @AfterClass
    public static void switchOff() throws Exception {
        if (machines != null) {
            machines.destroyForcibly();
            machines.waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void oneLineSaysWhatManyMachinesHaveAndOneClickThatItWasSeen() throws Exception {
        Browser browser = console.browser();
        OpenConsole.logIn(browser, "admin", SimulatedSite.PASSWORD);
        browser.awaitText("idle machines");
        String next = "document.querySelector('#first-steps .next')";
        browser.await("what comes next", next + "?.innerText.startsWith('Plug-ins are at work')");
        assertEquals(
                "qrm plugin list",
                browser.eval(next + ".querySelector('code').innerText").asText());
        assertTrue(
                "what is done already",
                browser.eval("[...document.querySelectorAll('#first-steps .done')].map(each => each.innerText).join()")
                        .asText()
                        .contains("A machine is admitted"));
        OpenConsole.inBothColours(browser, "overview-first-steps");
        browser.click("#first-steps", "Hide");
        browser.await("it is away", "!document.querySelector('#first-steps')");
        browser.reload();
        browser.awaitText("Capacity");
        assertTrue(browser.eval("!document.querySelector('#first-steps')").asBoolean());
        String row = "[...document.querySelectorAll('table tbody tr')].find(each => each.querySelector('.share'))";
        browser.await("what there is of each size", row + "?.innerText?.includes('" + MACHINES + "')");
        assertTrue(
                browser.eval(row + ".innerText").asText(),
                browser.eval("/\\d+ CPUs?, \\d+(\\.\\d)? GiB/.test(" + row + ".innerText)")
                        .asBoolean());
        OpenConsole.inBothColours(browser, "overview-well");

        machines.destroyForcibly();
        browser.await(
                "all of them, in one line",
                "document.querySelector('" + SILENT + "')?.innerText?.includes('" + MACHINES
                        + " are in the same trouble')");
        browser.await("none is idle", "document.querySelector('.tile[href*=idle] .number').innerText === '0'");
        assertEquals(
                1,
                browser.eval("document.querySelectorAll('" + SILENT + "').length")
                        .asInt());
        assertEquals(
                "the worst first",
                "resource.silent",
                browser.eval("document.querySelector('.alerts > li').dataset.name")
                        .asText());
        OpenConsole.inBothColours(browser, "overview-lost");
        browser.click(SILENT, "Events");
        browser.await(
                "each of them",
                "document.querySelectorAll('main tbody tr').length === " + MACHINES
                        + " && document.querySelector('main').innerText.includes('resource.silent')");
        OpenConsole.inBothColours(browser, "overview-events");
        OpenConsole.show(browser, "");
        browser.click(SILENT, "Acknowledge all…");
        browser.fill("#note", "the switch is being replaced");
        OpenConsole.inBothColours(browser, "overview-acknowledge");
        browser.click("dialog", "Acknowledge");
        browser.awaitText(MACHINES + " events of resource.silent are acknowledged.");
        browser.await("nothing more is said of it", "!document.querySelector('" + SILENT + "')");
        browser.awaitText("admin has seen " + MACHINES + " events of resource.silent: the switch is being replaced");
        assertEquals(
                "they are in the log as seen",
                MACHINES,
                rest.get("/events?type=resource.silent&acknowledged=true&limit=1000")
                        .get("items")
                        .size());
        String when = browser.eval("document.querySelector('[aria-label=\"Recent events\"] time').innerText")
                .asText();
        assertTrue(when, when.matches("now|\\d+ (s|min) ago"));

        browser.resize(375, 812);
        browser.await("nothing scrolls sideways", "document.scrollingElement.scrollWidth <= innerWidth");
        OpenConsole.inBothColours(browser, "overview-phone");
    }
}
