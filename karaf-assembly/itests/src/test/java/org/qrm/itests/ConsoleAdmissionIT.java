package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.qrm.itests.OpenConsole.SCREENSHOTS;

import java.util.List;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** Machines that nobody knows are let in by clicks: one, those of a list, all; and as they come. */
public class ConsoleAdmissionIT {

    private static final String PASSWORD = "machines-wait-here";
    private static final String WAITING =
            "document.querySelectorAll('[aria-label=\"Machines that wait\"] tbody tr').length";

    private final ServerProcess server = new ServerProcess();
    private final OpenConsole console = new OpenConsole(server);

    @Rule
    public final RuleChain both = RuleChain.outerRule(server).around(console);

    private Process machines;

    @After
    public void switchOff() throws Exception {
        if (machines != null) {
            machines.destroyForcibly().waitFor();
        }
    }

    @Test
    public void newMachinesAreLetInByClicks() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        Browser browser = console.browser();
        OpenConsole.logIn(browser, "admin", PASSWORD);
        OpenConsole.show(browser, "admission");
        browser.awaitText("No machine waits.");
        machines = SimulatedSite.machines(server, 4);
        browser.await("without a reload", WAITING + " === 4");
        OpenConsole.show(browser, "");
        browser.click("main", "4 new machines wait to be admitted");
        browser.await("who they are", WAITING + " === 4");
        assertEquals(List.of(), new Accessibility(browser).violations());
        browser.screenshot(SCREENSHOTS.resolve("admission.png"));

        browser.click("[data-name=node-025151000001]", "Admit");
        browser.await("three wait", WAITING + " === 3");
        expectTheSecond(browser);
        browser.await("two wait", WAITING + " === 2");

        browser.fill("#matching", "02:51:51:00:00:03");
        browser.click("#admit-matching", "Admit those");
        browser.await("it asks first", "document.querySelector('dialog')?.innerText?.includes('00:03')");
        browser.click("dialog", "Admit");
        browser.await("one waits", WAITING + " === 1");

        browser.click("main", "Admit all");
        browser.await("it asks first", "document.querySelector('dialog')?.innerText?.includes('1 machine')");
        browser.click("dialog", "Admit");
        browser.awaitText("No machine waits.");
        browser.fill("#machines", "7");
        browser.click("#open-window", "Open a window");
        browser.await("it is open", "document.querySelector('main').innerText.includes('7 more, until')");
        browser.screenshot(SCREENSHOTS.resolve("admission-window.png"));
        browser.click("main", "Close");
        browser.awaitText("New machines wait until somebody admits them.");
        RestClient rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        rest.await(
                "all are idle",
                "/resources?state=idle",
                list -> list.get("items").findValuesAsText("name").containsAll(List.of("rack7", "node-025151000001")));
    }

    private static void expectTheSecond(Browser browser) throws Exception {
        browser.click("main", "Expect machines…");
        browser.fill("#csv", "mac,colour\n02:51:51:00:00:02,red");
        browser.awaitText("colour");
        browser.fill("#csv", "mac,name\n02:51:51:00:00:02,rack7");
        browser.awaitText("1 machine more, 0 known already, 1 of those that wait admitted.");
        assertEquals("a form", List.of(), new Accessibility(browser).violations());
        browser.screenshot(SCREENSHOTS.resolve("admission-list.png"));
        browser.click("dialog", "Expect them");
        browser.awaitText("1 machine expected; admitted: 1 machine.");
    }
}
