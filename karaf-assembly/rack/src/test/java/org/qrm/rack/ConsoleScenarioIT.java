package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.itests.Browser;
import org.qrm.itests.ConsolePages;

/** The reference scenario again, by clicks in a browser; on real machines and real Xen. */
public class ConsoleScenarioIT extends XenSite {

    private static final Path SCREENSHOTS = Path.of(System.getProperty("screenshots"));

    /** To the seven questions; the type is the one that is proposed. */
    private static final Map<String, String> ANSWERS = Map.of(
            "sourceAddress", "10.77.0.10",
            "storageServerName", "NFS-server",
            "storageServerPath", "/export/Xen_image_1_0",
            "storageServerAddress", "10.77.0.2",
            "storageServerManagementAddress", "10.77.0.3",
            "defaultGateway", "10.77.0.1");

    /** What a terminal shows. */
    private static final String TERMINAL = "document.querySelector('.xterm-accessibility')?.innerText";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Browser browser;
    private ConsolePages pages;

    public ConsoleScenarioIT() {
        super("bios");
    }

    @Before
    public void openTheConsole() throws Exception {
        browser = new Browser(folder, 1280, 900);
        pages = new ConsolePages(browser, SCREENSHOTS, LONG);
        pages.logIn(server.address(), "admin", Server.PASSWORD);
    }

    @After
    public void closeIt() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    public void theReferenceScenarioByClicks() throws Exception {
        powerOn();
        configure();
        make();
        host();
        partitions();
        use();
        stop();
        uninstall();
    }

    /** The machines do not let this server in at first. */
    private void configure() throws Exception {
        pages.register("xen");
        pages.answer(ANSWERS);
        for (String question : new String[] {"sourceAddress", "storageServerManagementAddress"}) {
            browser.await(
                    "the line to install is at " + question,
                    "document.querySelector('#" + question + "-why').innerText.includes('" + key() + "')");
        }
        pages.picture("wizard-refused", "#wizard");
        server.installKey();
        pages.configure("xen", Map.of());
        pages.picture("configured");
    }

    private void make() throws Exception {
        browser.eval("window.since = 'the beginning'");
        step();
        browser.click("[aria-label='Life cycle']", "install");
        String progress = "document.querySelector('tbody progress')?.value";
        browser.await("it has begun", progress + " > 0 && " + progress + " < 1");
        pages.picture("installing");
        double early = browser.eval(progress).asDouble();
        browser.await("it goes on", LONG, progress + " > " + early);
        pages.awaitState("installed");
        assertEquals(
                "without a reload",
                "the beginning",
                browser.eval("window.since").asText());
        pages.step("run-once", "active");
        took("install, by clicks");
        assertInstalled();
        JsonNode installed = server.get("/operations?subject=plugin/xen").get("items").findParents("kind").stream()
                .filter(each -> each.get("kind").asText().equals("plugin.install"))
                .findFirst()
                .orElseThrow();
        browser.click("tbody", installed.get("id").asText());
        browser.awaitText("Xen_kernel_1_0");
        pages.picture("installed");
        pages.checkStorageServer("NFS-server", "It can be used:");
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
        pages.picture("partitions-refused", "#new-partitions");
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
        browser.awaitText("MiB are free");
        pages.picture("partitions");
    }

    /** On a partition and on a bare machine at the same time. */
    private void use() throws Exception {
        Files.copy(rack.image("debian"), Rack.storage("debian.tar"));
        for (String name : new String[] {"web", "bare"}) {
            pages.fillImage(name, "NFS-server", "archive", "archive", "/export/debian.tar");
            pages.picture("image-" + name);
            pages.awaitImage(name);
        }
        pages.picture("images");
        describe("web", "web", "single", 0, "runsOn", "partition:xen");
        describe("bare", "bare", "single", 0);
        start("web");
        start("bare");
        server.await("the partition runs", "/virtual-environments/web", LONG, state("active"));
        server.await("the bare machine runs", "/virtual-environments/bare", LONG, state("active"));
        show("picture");
        browser.await("the host shows its partitions", "document.querySelectorAll('.partitions > li').length === 2");
        browser.awaitText("web");
        pages.picture("data-centre");
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
            pages.delete(name);
        }
        assertEquals(0, server.get("/virtual-environments").get("items").size());
        server.await("the host is a machine again", "/resources/" + HOST, LONG, state("idle"));
    }

    private void uninstall() throws Exception {
        for (String name : new String[] {"web", "bare"}) {
            pages.deleteImage(name, "/export/" + name);
        }
        pages.uninstall(
                "xen",
                "boot image Xen_kernel_1_0",
                "filesystem image Xen_image_1_0, /export/Xen_image_1_0 on NFS-server",
                "Nothing else is on the storage server NFS-server");
        for (String list : new String[] {"/filesystem-images", "/storage-servers", "/resources?kind=partition"}) {
            assertEquals(list, 0, server.get(list).get("items").size());
        }
        assertEquals(1, server.get("/boot-images").get("items").size());
        assertFalse(Files.exists(Rack.storage("Xen_image_1_0")));
        for (String machine : new String[] {HOST, BARE}) {
            assertEquals(
                    "idle", server.get("/resources/" + machine).get("state").asText());
        }
    }

    /** A shell in whatever the machine runs. */
    private void terminal(String resource, String command, String answer) throws Exception {
        String id = server.get("/resources/" + resource).get("id").asText();
        show("resources/" + id + "?tab=terminal");
        openTerminal(TERMINAL + "?.includes('#')");
        browser.type(command);
        browser.press("Enter");
        browser.await("its answer", TERMINAL + "?.includes('" + answer + "')");
    }

    private void openTerminal(String prompt) throws Exception {
        browser.click("main", "Open a terminal");
        browser.await("a prompt", prompt);
    }

    /** @param more names of further fields, each followed by its value */
    private void describe(String name, String image, String mode, int memoryMb, String... more) throws Exception {
        pages.describe(
                name,
                image,
                mode,
                Stream.concat(Stream.of("memoryMb", Integer.toString(memoryMb)), Stream.of(more))
                        .toArray(String[]::new));
    }

    private void start(String name) throws Exception {
        pages.start(name);
    }

    private void stop(String name) throws Exception {
        pages.stop(name);
    }

    private void show(String page) throws Exception {
        pages.show(page);
    }
}
