package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.qrm.itests.OpenConsole.SCREENSHOTS;
import static org.qrm.itests.OpenConsole.row;
import static org.qrm.itests.OpenConsole.wrong;

import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The web console in a real browser, against the distribution and thirty simulated machines. */
public class ConsoleIT extends SimulatedSite {

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @Before
    public void open() throws Exception {
        browser = console.browser();
    }

    @Test
    public void anEnvironmentIsDescribedStartedAndStoppedByClicks() throws Exception {
        logIn("wrong password");
        browser.await("it is refused", "document.querySelector('.alert-danger')");
        logIn(PASSWORD);
        browser.awaitText("idle machines");
        browser.awaitText("30");
        browser.screenshot(SCREENSHOTS.resolve("overview.png"));

        browser.click("nav", "Resources");
        browser.await("thirty rows", "document.querySelectorAll('tbody tr').length === 30");
        browser.screenshot(SCREENSHOTS.resolve("resources.png"));
        browser.fill("#text", "02:51:51:00:00:07");
        browser.await("one row", "document.querySelectorAll('tbody tr').length === 1");

        browser.click("tbody", "node-025151000007");
        browser.awaitText("Load in the last hour");
        browser.screenshot(SCREENSHOTS.resolve("resource.png"));
        browser.click("main", "Hardware");
        browser.await("its cards", "document.querySelectorAll('[aria-label=\"Network cards\"] tbody tr').length === 2");
        browser.await("its devices", "document.querySelectorAll('[aria-label=Devices] tbody tr').length === 4");
        browser.screenshot(SCREENSHOTS.resolve("hardware.png"));
        browser.click("nav", "Data centre");
        browser.await("thirty machines", "document.querySelectorAll('.picture > li').length === 30");
        browser.await("each with its load", "document.querySelectorAll('.picture .spark polyline').length >= 30");
        browser.screenshot(SCREENSHOTS.resolve("data-centre.png"));

        browser.click("nav", "Virtual environments");
        browser.click("main", "New virtual environment…");
        browser.fill("#name", "clicked");
        browser.fill("#memoryMb", "999999");
        browser.awaitText("No machine fits now:");
        browser.awaitText("999999 are needed");
        browser.screenshot(SCREENSHOTS.resolve("new-environment-refused.png"));
        browser.fill("#memoryMb", "0");
        browser.awaitText("the tightest of 30 that fit");
        browser.screenshot(SCREENSHOTS.resolve("new-environment.png"));
        browser.fill("#mode", "multi");
        browser.click("#new-environment", "Create");
        browser.awaitText("Virtual environment clicked is created.");
        browser.click("tbody", "clicked");
        browser.click("main", "Where would it go?");
        browser.awaitText("it fits");
        browser.screenshot(SCREENSHOTS.resolve("plan.png"));
        // a machine that is simulated boots within a second or two
        browser.eval(
                "window.told = []; new MutationObserver(() => window.told.push("
                        + "document.querySelector('.at-work')?.innerText ?? '')).observe(document.body, {subtree: true, childList: true})");
        browser.click("main", "start");
        browser.await(
                "its head tells what is at work on it",
                "window.told.some(each => each.includes('virtual-environment.start'))");
        browser.await(
                "it is seen active, without a reload", "document.querySelector('h1')?.innerText?.includes('active')");
        browser.click("main", "stop");
        browser.await("it asks first", "document.querySelector('dialog')?.innerText?.includes('become idle')");
        browser.screenshot(SCREENSHOTS.resolve("stop.png"));
        browser.click("dialog", "Stop");
        browser.await("it is seen inactive", "document.querySelector('h1')?.innerText?.includes('inactive')");
        browser.click("main", "Story");
        browser.await(
                "what happened to it, the newest first",
                "/virtual-environment.stop.*virtual-environment.start/s.test(document.querySelector('main table')?.innerText)");
        browser.screenshot(SCREENSHOTS.resolve("story.png"));

        browser.click("nav", "Operations");
        browser.awaitText("virtual-environment.stop");
        browser.eval("location.hash = '#/operations/' + document.querySelector('tbody a').innerText");
        browser.awaitText("close-access");
        browser.screenshot(SCREENSHOTS.resolve("operation.png"));
        browser.click("nav", "Events");
        browser.awaitText("clicked");
        browser.screenshot(SCREENSHOTS.resolve("events.png"));
        browser.click("header", "Log out");
        browser.await("the form is there again", "document.querySelector('#password')");
    }

    @Test
    public void whatOneDoesTheOtherSeesWithoutAReload() throws Exception {
        Browser other = console.browser();
        for (Browser each : List.of(browser, other)) {
            OpenConsole.logIn(each, "admin", PASSWORD);
            OpenConsole.show(each, "environments");
            each.eval("window.since = 'the beginning'");
        }
        browser.click("main", "New virtual environment…");
        browser.fill("#name", "shared");
        browser.click("#new-environment", "Create");
        other.await("it is there", "document.querySelector('" + row("shared") + "')");
        other.click(row("shared"), "start");
        browser.await(
                "it is seen active", "document.querySelector('" + row("shared") + "').innerText.includes('active')");
        other.click(row("shared"), "stop");
        other.click("dialog", "Stop");
        browser.await(
                "it is seen inactive",
                "document.querySelector('" + row("shared") + "').innerText.includes('inactive')");
        OpenConsole.show(other, "environments/shared");
        other.click("main", "Delete");
        other.click("dialog", "Delete");
        browser.await("it is gone", "!document.querySelector('" + row("shared") + "')");
        for (Browser each : List.of(browser, other)) {
            assertEquals("the beginning", each.eval("window.since").asText());
        }
    }

    @Test
    public void aServerThatRestartsUnderAnOpenPageIsMissedAndFoundAgain() throws Exception {
        logIn(PASSWORD);
        show("environments");
        browser.eval("window.since = 'the beginning'");
        browser.click("main", "New virtual environment…");
        browser.fill("#name", "typed");
        SERVER.run("stop");
        browser.click("dialog", "Create");
        browser.await(
                "the dialog says so",
                "document.querySelector('dialog .alert-danger')?.innerText?.includes('cannot be reached')");
        assertEquals(
                "nothing typed is lost",
                "typed",
                browser.eval("document.querySelector('#name').value").asText());
        browser.click("dialog", "Cancel");
        browser.awaitText("The server cannot be reached. This page shows what was true before");
        browser.screenshot(SCREENSHOTS.resolve("away.png"));
        SERVER.start();
        // sessions end with the server: whoever was logged in is asked again, and comes back to the same page
        browser.await("it recovers", "document.querySelector('#password')");
        environment("made-since");
        logIn(PASSWORD);
        browser.await("it goes on", "document.querySelector('" + row("made-since") + "')");
        assertEquals("the beginning", browser.eval("window.since").asText());
        environment("made-later");
        browser.await("and hears of changes", "document.querySelector('" + row("made-later") + "')");
    }

    @Test
    public void aWizardSaysWhatIsWrongAndIsGoneOnWithLater() throws Exception {
        logIn(PASSWORD);
        browser.click("nav", "Plug-ins");
        browser.click("tbody", "xen");
        browser.click("main", "register");
        browser.await("its questions", "document.querySelectorAll('#wizard input, #wizard select').length === 7");
        browser.fill("#sourceAddress", "nowhere");
        browser.click("#wizard", "Accept");
        browser.await(
                "what is wrong stands at its question",
                "[...document.querySelectorAll('#wizard .invalid-feedback')].some(each => each.innerText.trim())");
        browser.screenshot(SCREENSHOTS.resolve("wizard.png"));
        allThatIsWrongStandsAtItsQuestion();
        browser.fill("#storageServerName", "kept-for-later");
        rest.await(
                "it is kept",
                "/plugins/xen/wizard",
                wizard -> wizard.get("draft").path("storageServerName").asText().equals("kept-for-later"));
        browser.reload();
        browser.await(
                "they are there again", "document.querySelector('#storageServerName')?.value === 'kept-for-later'");
        assertEquals(
                "only what leads somewhere is offered",
                "uninstall",
                browser.eval("document.querySelector('[aria-label=\"Life cycle\"]').innerText")
                        .asText());
        browser.click("main", "uninstall");
        browser.await("it asks first", "document.querySelector('dialog')?.innerText?.includes('No image is marked')");
        browser.click("dialog", "Cancel");
    }

    /** Nothing answers at this port of the loopback, and the path has no directory above it. */
    private void allThatIsWrongStandsAtItsQuestion() throws Exception {
        for (String address : List.of("sourceAddress", "storageServerAddress", "storageServerManagementAddress")) {
            browser.fill("#" + address, "127.99.99.99");
        }
        browser.fill("#defaultGateway", "127.99.99.1");
        browser.fill("#storageServerPath", "/Xen_image_1_0");
        browser.click("#wizard", "Accept");
        browser.await(
                "both are told at once",
                "document.querySelector('#storageServerPath-why').innerText.includes('a directory above it')"
                        + " && document.querySelector('#sourceAddress-why').innerText.includes('127.99.99.99')");
        assertEquals(
                "and nothing else",
                "sourceAddress storageServerPath",
                browser.eval("[...document.querySelectorAll('#wizard .is-invalid')].map(each => each.id).join(' ')")
                        .asText());
        for (String theme : List.of("light", "dark")) {
            browser.eval("document.documentElement.dataset.bsTheme = '" + theme + "'");
            browser.screenshot(SCREENSHOTS.resolve("wizard-" + theme + ".png"));
        }
        browser.eval("document.documentElement.dataset.bsTheme = 'light'");
    }

    @Test
    public void storageServersAndImagesAreMadeChangedAndRemovedByClicks() throws Exception {
        logIn(PASSWORD);
        show("images/storage");
        browser.click("main", "New storage server…");
        browser.fill("#name", "shelf");
        browser.fill("#type", "simulated");
        browser.fill("#address", "10.0.0.999");
        browser.click("dialog", "Create");
        browser.await("what is missing stands at its field", wrong("exportRoot", "This is needed."));
        browser.fill("#exportRoot", "/shelf");
        browser.click("dialog", "Create");
        browser.await("what the server says, too", wrong("address", "no IPv4 address"));
        browser.screenshot(SCREENSHOTS.resolve("field.png"));
        browser.fill("#address", "10.0.0.2");
        browser.click("dialog", "Create");
        browser.awaitText("Storage server shelf is known.");
        browser.click(row("shelf"), "check");
        browser.awaitText("It can be used: simulated storage");
        browser.click(row("shelf"), "change…");
        browser.fill("#managementAddress", "10.0.0.3");
        browser.click("dialog", "Change");
        browser.awaitText("Storage server shelf is changed.");
        browser.awaitText("10.0.0.3");

        show("images/filesystem");
        browser.click("main", "New filesystem image…");
        browser.fill("#storageServer", "shelf");
        browser.fill("#name", "fresh");
        browser.fill("#source", "debootstrap");
        browser.fill("#suite", "no suite");
        browser.click("dialog", "Create");
        browser.await("its field", wrong("suite", "no suite of Debian"));
        browser.fill("#suite", "bookworm");
        browser.fill("#packages", "nginx  less");
        browser.fill("#path", "/elsewhere/fresh");
        browser.click("dialog", "Create");
        browser.await("its field", wrong("path", "not below /shelf"));
        browser.fill("#path", "");
        browser.screenshot(SCREENSHOTS.resolve("filesystem-image.png"));
        browser.click("dialog", "Create");
        browser.await("it is filled", "document.querySelector('" + row("fresh") + "')?.innerText?.includes('ready')");
        browser.click(row("fresh"), "measure");
        browser.await("it is measured", "document.querySelector('" + row("fresh") + "').innerText.includes('1.0 GiB')");
        browser.click(row("fresh"), "change…");
        browser.fill("#description", "for the shop");
        browser.click("dialog", "Change");
        browser.await(
                "it says so", "document.querySelector('" + row("fresh") + "').innerText.includes('for the shop')");
        browser.click(row("fresh"), "delete…");
        browser.await("it names what goes", "document.querySelector('dialog')?.innerText?.includes('/shelf/fresh')");
        browser.screenshot(SCREENSHOTS.resolve("delete.png"));
        browser.click("dialog", "Delete");
        browser.await("it is gone", "!document.querySelector('" + row("fresh") + "')");

        show("images/storage");
        browser.click(row("shelf"), "delete…");
        browser.await("it names it", "document.querySelector('dialog')?.innerText?.includes('10.0.0.2, /shelf')");
        browser.click("dialog", "Delete");
        browser.await("it is gone", "!document.querySelector('" + row("shelf") + "')");
    }

    @Test
    public void aBootImageIsMadeOfFilesThatAreUploaded() throws Exception {
        Path kernel = console.file("vmlinuz-own", 3 << 20);
        Path initrd = console.file("initrd-own", 1 << 20);
        logIn(PASSWORD);
        show("images/boot");
        browser.click("main", "New boot image…");
        browser.fill("#name", "own");
        browser.choose("#kernel", kernel);
        browser.click("dialog", "Create");
        browser.awaitText("It cannot boot yet: no initrd.");
        browser.click(row("own"), "upload a file…");
        browser.choose("#file", initrd);
        browser.fill("#name", "initrd.img");
        browser.click("dialog", "Upload");
        browser.await("it is whole", "document.querySelector('" + row("own") + "')?.innerText?.includes('initrd.img')");
        browser.screenshot(SCREENSHOTS.resolve("boot-images.png"));
        assertEquals(
                "[initrd 1048576, kernel 3145728]",
                rest.get("/boot-images/own").get("files").findParents("role").stream()
                        .map(file -> file.get("role").asText() + " "
                                + file.get("size").asText())
                        .sorted()
                        .toList()
                        .toString());
        browser.click(row("own"), "change…");
        browser.fill("#description", "our own");
        browser.click("dialog", "Change");
        browser.await("it says so", "document.querySelector('" + row("own") + "').innerText.includes('our own')");
        browser.click(row("own"), "remove…");
        browser.await("it names the file", "document.querySelector('dialog')?.innerText?.includes('initrd, 1.0 MiB')");
        browser.click("dialog", "Remove");
        browser.awaitText("It cannot boot yet: no initrd.");
        browser.click(row("own"), "delete…");
        browser.await("it names the files", "document.querySelector('dialog')?.innerText?.includes('vmlinuz-own')");
        browser.click("dialog", "Delete");
        browser.await("it is gone", "!document.querySelector('" + row("own") + "')");
    }

    @Test
    public void whoeverChangesWhatSomebodyElseHasChangedIsShownIt() throws Exception {
        environment("contested");
        logIn(PASSWORD);
        show("environments/contested");
        browser.click("main", "Change…");
        browser.fill("#description", "mine");
        rest.replace(
                "/virtual-environments/contested",
                "{\"filesystemImage\":\"web\",\"mode\":\"multi\",\"description\":\"theirs\"}");
        browser.click("dialog", "Change");
        browser.awaitText("Somebody has changed it meanwhile.");
        browser.await("it is shown", "document.querySelector('#description').value === 'theirs'");
        browser.awaitText("You had: mine");
        browser.screenshot(SCREENSHOTS.resolve("changed-meanwhile.png"));
        browser.fill("#description", "ours");
        browser.click("dialog", "Change");
        browser.awaitText("Virtual environment contested is changed.");
        assertEquals(
                "ours",
                rest.get("/virtual-environments/contested").get("description").asText());
    }

    @Test
    public void usersTokensAndTheAuditLog() throws Exception {
        logIn(PASSWORD);
        browser.click("nav", "Users");
        browser.fill("#new-name", "olga");
        browser.fill("#new-password", "a-long-password");
        browser.fill("#new-role", "operator");
        browser.click("#new-user", "Create");
        browser.awaitText("User olga is created.");
        browser.click("main", "Keys…");
        browser.fill(
                "#key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPEtdPus+UEcvNbggbXgAgtsB077x4teNdMwR0wluydW ann@work");
        browser.click("#new-key", "Add");
        browser.awaitText("admin has the key SHA256:xUs7Qzf2Mq2mk74maXIuRXsSIlemPw3EBWP+5D7Q4GM.");
        browser.fill("#token-name", "backup");
        browser.click("#new-token", "Create");
        browser.await("the token is told", "document.querySelector('#told')?.innerText?.startsWith('qrm_')");
        browser.screenshot(SCREENSHOTS.resolve("users.png"));
        browser.click("main", "I have it");
        browser.await("once", "!document.querySelector('#told')");
        browser.click("nav", "Audit");
        browser.awaitText("POST /users");
        browser.click("main", "Verify");
        browser.awaitText("entries are as they were written.");
        browser.screenshot(SCREENSHOTS.resolve("audit.png"));
        browser.click("header", "Log out");

        OpenConsole.logIn(browser, "olga", "a-long-password");
        browser.awaitText("olga (operator)");
        assertEquals(
                "an operator is not shown the audit log",
                0,
                browser.eval(
                                "[...document.querySelectorAll('nav a')].filter(each => each.innerText === 'Audit').length")
                        .asInt());
        browser.click("nav", "Users");
        browser.awaitText("Your password");
        assertEquals(
                0, browser.eval("document.querySelectorAll('#new-user').length").asInt());
    }

    @Test
    public void whatMachinesSayIsTextAndNeverMarkup() throws Exception {
        logIn(PASSWORD);
        browser.awaitText("idle machines");
        rest.make(
                "/virtual-environments",
                "{\"name\":\"marked\",\"filesystemImage\":\"web\",\"description\":\"<img src=x onerror=document.title='broken'>\"}");
        browser.eval("location.hash = '#/environments/marked'");
        browser.awaitText("<img src=x");
        assertEquals(
                0, browser.eval("document.querySelectorAll('main img').length").asInt());
    }

    private void show(String page) throws Exception {
        OpenConsole.show(browser, page);
    }

    private void logIn(String password) throws Exception {
        OpenConsole.logIn(browser, "admin", password);
    }
}
