package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.itests.Browser;

/** The reference scenario again, by clicks in a browser; on real machines and real Xen. */
public class ConsoleScenarioIT extends XenSite {

    private static final Path SCREENSHOTS = Path.of(System.getProperty("screenshots"));

    /** What a terminal shows. */
    private static final String TERMINAL = "document.querySelector('.xterm-accessibility')?.innerText";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Browser browser;

    public ConsoleScenarioIT() {
        super("bios");
    }

    @Before
    public void openTheConsole() throws Exception {
        browser = new Browser(folder, 1280, 900);
        browser.open(server.address());
        browser.fill("#user", "admin");
        browser.fill("#password", Server.PASSWORD);
        browser.click("form", "Log in");
        browser.awaitText("idle machines");
    }

    @After
    public void closeIt() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    public void theReferenceScenarioByClicks() throws Exception {
        install();
        host();
        partitions();
        use();
        stop();
    }

    private void host() throws Exception {
        describe("xenhost", "Xen_image_1_0", "multi", 1500, "partitioning", "xen", "bootImage", "Xen_kernel_1_0");
        server.await(
                "both machines are idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 2);
        terminal(HOST, "uname -m; echo $((6*7))", "42");
        browser.screenshot(SCREENSHOTS.resolve("terminal.png"));
        step();
        start("xenhost");
        server.await("the host is active", "/virtual-environments/xenhost", LONG, state("active"));
        took("host active, by clicks");
        browser.await("it is seen active", "document.querySelector('h1')?.innerText?.includes('active')");
    }

    private void partitions() throws Exception {
        JsonNode host = server.get("/resources/" + HOST);
        show("resources/" + host.get("id").asText());
        browser.click("main", "Partitions");
        browser.awaitText("MiB are free");
        browser.fill("#memoryMb", "4000");
        browser.awaitText("It does not fit");
        assertTrue(browser.eval("document.querySelector('#new-partitions button').disabled")
                .asBoolean());
        browser.screenshot(SCREENSHOTS.resolve("partitions-refused.png"));
        browser.fill("#memoryMb", "256");
        browser.fill("#count", "2");
        browser.awaitText("It fits");
        step();
        browser.click("#new-partitions", "Create");
        server.await(
                "both wait in the pool",
                "/resources?kind=partition&state=idle",
                LONG,
                list -> list.get("items").size() == 2);
        took("two partitions idle, by clicks");
        browser.await(
                "both are seen running",
                "[...document.querySelectorAll('tbody .badge')].filter(each => each.innerText === 'running').length === 2");
        browser.screenshot(SCREENSHOTS.resolve("partitions.png"));
    }

    /** On a partition and on a bare machine at the same time. */
    private void use() throws Exception {
        Files.copy(Path.of(rack.run("image", "debian").strip()), storage("debian.tar"));
        image("web");
        image("bare");
        describe("web", "web", "single", 0, "runsOn", "partition:xen");
        describe("bare", "bare", "single", 0);
        start("web");
        start("bare");
        server.await("the partition runs", "/virtual-environments/web", LONG, state("active"));
        server.await("the bare machine runs", "/virtual-environments/bare", LONG, state("active"));
        show("picture");
        browser.await("the host shows its partitions", "document.querySelectorAll('.partitions > li').length === 2");
        browser.awaitText("web");
        browser.screenshot(SCREENSHOTS.resolve("data-centre.png"));
        String bare =
                server.get("/virtual-environments/bare").get("resources").get(0).asText();
        terminal(bare, "tty; grep ^ID= /etc/os-release", "ID=debian");
        JsonNode partition = server.get("/virtual-environments/web").get("resources");
        show("resources/" + partition.get(0).asText());
        browser.click("main", "Console");
        browser.awaitText("Linux version");
        browser.awaitText(" login:");
        browser.click("main", "Open a terminal");
        browser.await("what it wrote before is in the terminal", TERMINAL + "?.includes(' login:')");
        browser.await(
                "it has the room of the window",
                "(screen => screen.offsetWidth > innerWidth / 2 && screen.offsetHeight > innerHeight / 2)"
                        + "(document.querySelector('.xterm-screen'))");
        browser.type("nobody-of-that-name");
        browser.press("Enter");
        browser.await("it asks for a password", TERMINAL + "?.includes('Password:')");
        browser.screenshot(SCREENSHOTS.resolve("partition-console.png"));
        isForOneAtATime(partition.get(0).asText());
    }

    /** Until the page with the terminal is left. */
    private void isForOneAtATime(String partition) throws Exception {
        String open = "import('/console/api.js').then(async (api) => { const opened = await api.post('/partitions/"
                + partition
                + "/terminals', { columns: 80, rows: 24 }); await api.remove('/terminals/' + opened.id); })";
        String second = browser.eval(open + ".then(() => 'opened', (refused) => refused.message)")
                .asText();
        assertTrue(second, second.contains("somebody else is at the console"));
        show("picture");
        browser.eval("(async () => { while (!window.free) { await " + open
                + ".then(() => { window.free = true; }, () => new Promise((done) => { setTimeout(done, 500); })); } })()"
                + " && undefined");
        browser.await("it is free again", "window.free");
    }

    private void stop() throws Exception {
        stop("web");
        stop("bare");
        stop("xenhost");
        for (String name : new String[] {"web", "bare", "xenhost"}) {
            show("environments/" + name);
            browser.click("main", "Delete");
            browser.click("dialog", "Delete");
            browser.await("the list is back", "location.hash === '#/environments'");
        }
        assertEquals(0, server.get("/virtual-environments").get("items").size());
        server.await("the host is a machine again", "/resources/" + HOST, LONG, state("idle"));
    }

    /** A shell in whatever the machine runs. */
    private void terminal(String resource, String command, String answer) throws Exception {
        String id = server.get("/resources/" + resource).get("id").asText();
        show("resources/" + id + "?tab=terminal");
        // a machine that has just become idle may not have its SSH server up yet: its user would ask again
        browser.await(
                "a prompt",
                TERMINAL + "?.includes('#') || [...document.querySelectorAll('main button')]"
                        + ".filter((each) => each.innerText === 'Open a terminal').some((each) => each.click())");
        browser.type(command);
        browser.press("Enter");
        browser.await("its answer", TERMINAL + "?.includes('" + answer + "')");
    }

    /** @param more names of further fields, each followed by its value */
    private void describe(String name, String image, String mode, int memoryMb, String... more) throws Exception {
        show("environments");
        browser.click("main", "New virtual environment…");
        browser.fill("#name", name);
        browser.fill("#filesystemImage", image);
        browser.fill("#mode", mode);
        browser.fill("#memoryMb", Integer.toString(memoryMb));
        for (int i = 0; i < more.length; i += 2) {
            browser.fill("#" + more[i], more[i + 1]);
        }
        browser.click("#new-environment", "Create");
        browser.awaitText("Virtual environment " + name + " is created.");
    }

    private void start(String name) throws Exception {
        show("environments/" + name);
        browser.click("main", "start");
        browser.await("it has begun", "!document.querySelector('h1').innerText.includes('inactive')");
    }

    private void stop(String name) throws Exception {
        show("environments/" + name);
        browser.click("main", "stop");
        browser.click("dialog", "Stop");
        server.await(name + " is inactive", "/virtual-environments/" + name, LONG, state("inactive"));
        browser.await("that is seen", "document.querySelector('h1').innerText.includes('inactive')");
    }

    /** Another page, by its address. */
    private void show(String page) throws Exception {
        browser.eval("location.hash = '#/" + page + "'");
        String last = page.substring(page.indexOf('/') + 1);
        browser.await(
                "the page " + page,
                page.startsWith("environments/")
                        ? "document.querySelector('h1')?.innerText?.startsWith('" + last + "')"
                        : "document.querySelector('h1') && !document.querySelector('main').innerText.includes('Loading')");
    }
}
