package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;

/** The reference scenario by clicks, where there is no rack: on simulated machines, of which some become hosts. */
public class SimulatedScenarioIT {

    private static final String PASSWORD = "simulated scenario";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private RestClient rest;
    private Browser browser;
    private ConsolePages pages;

    @Before
    public void aFreshServer() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-simulator");
        browser = console.browser();
        pages = new ConsolePages(
                browser, OpenConsole.SCREENSHOTS.resolve("simulated-scenario"), Duration.ofSeconds(60));
    }

    @Test
    public void theReferenceScenarioByClicks() throws Exception {
        pages.logIn("https://127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT") + "/", "admin", PASSWORD);
        install();
        images();
        refuseAMachineWithOneCard();
        host();
        partitions();
        use();
        undo();
        uninstall();
    }

    private void install() throws Exception {
        pages.register("simulator");
        pages.answer(Map.of("machines", "20000"));
        browser.await(
                "what is wrong stands at its question",
                "document.querySelector('#machines-why').innerText.includes('Give a number from 0 to 10000')");
        pages.picture("wizard");
        pages.configure("simulator", Map.of("machines", "2", "memoryMb", "4096"));
        pages.step("install", "installed");
        pages.step("run-once", "active");
        pages.picture("active");
        browser.click("nav", "Resources");
        browser.await("both are idle", idle(2));
        pages.picture("idle");
    }

    private static String idle(int count) {
        return "[...document.querySelectorAll('tbody .badge')].filter(each => each.innerText === 'idle').length === "
                + count;
    }

    private void images() throws Exception {
        pages.show("images/storage");
        browser.click("main", "New storage server…");
        browser.fill("#name", "shelf");
        browser.fill("#type", "simulated");
        browser.fill("#address", "10.0.0.2");
        browser.fill("#exportRoot", "/shelf");
        browser.click("dialog", "Create");
        browser.awaitText("Storage server shelf is known.");
        pages.checkStorageServer("shelf", "It can be used: simulated storage");
        for (String name : new String[] {"host", "web"}) {
            pages.fillImage(name, "shelf", "archive", "archive", "/shelf/debian.tar");
            pages.awaitImage(name);
        }
        pages.picture("images");
    }

    /** It is the only one with so much memory. */
    private void refuseAMachineWithOneCard() throws Exception {
        karaf("simulator:start --memory 16384 --nics 1 1");
        pages.show("resources");
        browser.await("it is idle, too", idle(3));
        pages.describe("hosts", "host", "multi", "partitioning", "simulator", "memoryMb", "8192");
        pages.show("environments/hosts");
        browser.click("main", "Where would it go?");
        browser.awaitText("it has 1 network card");
        browser.click("main", "start");
        browser.await(
                "it is refused, and why",
                "document.querySelector('#notes .alert-danger')?.innerText?.includes('it has 1 network card')");
        pages.picture("one-card");
        browser.click("main", "Change…");
        browser.fill("#memoryMb", "2048");
        browser.click("dialog", "Change");
        browser.awaitText("Virtual environment hosts is changed.");
    }

    private void host() throws Exception {
        pages.show("environments/hosts");
        browser.click("main", "Where would it go?");
        browser.awaitText("it fits");
        pages.picture("plan", "main table");
        browser.click("tbody", "start here");
        pages.awaitState("active");
        browser.click("dl", hostId());
        browser.click("main", "Partitions");
        browser.awaitText("MiB are free");
    }

    private String hostId() throws Exception {
        return rest.get("/virtual-environments/hosts").get("resources").get(0).asText();
    }

    private void partitions() throws Exception {
        browser.awaitText("3584 MiB are free");
        browser.fill("#memoryMb", "4000");
        browser.awaitText("1 × (4000 + 8) MiB are 4008 MiB, and 3584 MiB are free");
        assertTrue(browser.eval("document.querySelector('#new-partitions button').disabled")
                .asBoolean());
        pages.picture("partitions-refused", "#new-partitions");
        assertTrue(
                "the server says it, too",
                rest.post("/resources/" + hostId() + "/partitions", "{\"count\":1,\"cpus\":1,\"memoryMb\":4000}")
                        .body()
                        .contains("4008 MiB are needed"));
        browser.fill("#cpuMhz", "700");
        browser.fill("#memoryMb", "256");
        browser.fill("#count", "2");
        browser.awaitText("It fits: 3056 MiB stay free.");
        browser.click("#new-partitions", "Create");
        browser.await(
                "both run",
                "[...document.querySelectorAll('tbody .badge')].filter(each => each.innerText === 'running').length === 2");
        browser.awaitText("3056 MiB are free");
        pages.picture("partitions");
        browser.click("nav", "Resources");
        browser.await("two partitions and two machines are idle", idle(4));
        pages.picture("idle-partitions");
    }

    private void use() throws Exception {
        pages.describe("web", "web", "single", "runsOn", "partition:simulator");
        pages.start("web");
        pages.awaitState("active");
        pages.picture("used");
        String partition =
                rest.get("/virtual-environments/web").get("resources").get(0).asText();
        assertEquals(hostId(), rest.get("/resources/" + partition).get("hostId").asText());
        pages.show("picture");
        browser.await("the host shows its partitions", "document.querySelectorAll('.partitions > li').length === 2");
        pages.picture("data-centre");
        restart(partition);
    }

    /** The machine boots anew; and the environment comes back. */
    private void restart(String partition) throws Exception {
        String told = "/events?resource=" + partition + "&limit=100";
        int before = rest.get(told).get("items").size();
        pages.show("environments/web");
        browser.click("main", "restart");
        browser.click("dialog", "Restart");
        rest.await(
                "it has restarted",
                "/operations?subject=virtual-environment/web&limit=1",
                work -> work.get("items").get(0).get("kind").asText().equals("virtual-environment.restart")
                        && work.get("items").get(0).get("state").asText().equals("done"));
        pages.awaitState("active");
        assertTrue("the partition tells of it", rest.get(told).get("items").size() > before);
    }

    private void undo() throws Exception {
        pages.stop("web");
        browser.click("nav", "Resources");
        browser.await("the partition is back in the pool", idle(4));
        pages.start("web");
        pages.awaitState("active");
        pages.show("environments/hosts");
        browser.click("main", "stop");
        browser.click("dialog", "Stop");
        browser.await(
                "a host in use is not stopped",
                "document.querySelector('dialog .alert-danger')?.innerText?.includes('runs web')");
        pages.picture("host-in-use");
        browser.eval("document.querySelector('#force').click()");
        browser.click("dialog", "Stop");
        pages.awaitState("inactive");
        browser.click("nav", "Resources");
        browser.await("three machines, and no partition", idle(3));
        JsonNode partitions = rest.get("/resources?kind=partition").get("items");
        assertEquals(partitions.toString(), 0, partitions.size());
        pages.show("plugins/simulator");
        browser.click("[aria-label='Life cycle']", "uninstall");
        browser.click("dialog", "Uninstall");
        browser.awaitText("irtual environments need it: hosts, web");
        pages.awaitState("active");
        pages.delete("web");
        pages.delete("hosts");
        for (String name : new String[] {"host", "web"}) {
            pages.deleteImage(name, "/shelf/" + name);
        }
        pages.show("images/storage");
        browser.click(ConsolePages.row("shelf"), "delete…");
        browser.click("dialog", "Delete");
        browser.await("it is gone", "!document.querySelector('" + ConsolePages.row("shelf") + "')");
    }

    private void uninstall() throws Exception {
        pages.uninstall("simulator", "takes away what it made");
        for (String list :
                new String[] {"/resources", "/virtual-environments", "/filesystem-images", "/storage-servers"}) {
            JsonNode left = rest.get(list).get("items");
            assertEquals(list + " has " + left, 0, left.size());
        }
        assertEquals(1, rest.get("/boot-images").get("items").size());
    }

    private static void karaf(String command) throws Exception {
        SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, command);
    }
}
