package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The web console in a real browser, against the distribution and thirty simulated machines. */
public class ConsoleIT extends SimulatedSite {

    private static final Path SCREENSHOTS = Path.of(System.getProperty("screenshots"));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Browser browser;

    @Before
    public void openTheConsole() throws Exception {
        Assume.assumeTrue(
                "there is no chromium (Debian: chromium)",
                java.nio.file.Files.isExecutable(Path.of("/usr/bin/chromium")));
        browser = new Browser(folder, 1280, 900);
        browser.open("https://127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT") + "/");
    }

    @After
    public void closeIt() throws Exception {
        if (browser != null) {
            browser.close();
        }
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
        browser.await("its cards", "document.querySelectorAll('tbody tr').length === 2");
        browser.screenshot(SCREENSHOTS.resolve("hardware.png"));
        browser.click("nav", "Data centre");
        browser.await("thirty machines", "document.querySelectorAll('.picture > li').length === 30");
        browser.screenshot(SCREENSHOTS.resolve("data-centre.png"));

        browser.click("nav", "Virtual environments");
        browser.fill("#name", "clicked");
        browser.fill("#mode", "multi");
        browser.click("#new-environment", "Create");
        browser.awaitText("Virtual environment clicked is created.");
        browser.click("tbody", "clicked");
        browser.click("main", "Where would it go?");
        browser.awaitText("it fits");
        browser.screenshot(SCREENSHOTS.resolve("plan.png"));
        browser.click("main", "start");
        browser.await(
                "it is seen active, without a reload", "document.querySelector('h1')?.innerText?.includes('active')");
        browser.click("main", "stop");
        browser.await("it asks first", "document.querySelector('dialog')?.innerText?.includes('become idle')");
        browser.screenshot(SCREENSHOTS.resolve("stop.png"));
        browser.click("dialog", "Stop");
        browser.await("it is seen inactive", "document.querySelector('h1')?.innerText?.includes('inactive')");

        browser.click("nav", "Operations");
        browser.awaitText("virtual-environment.stop");
        browser.eval("location.hash = '#/operations/' + document.querySelector('tbody a').innerText");
        browser.awaitText("close-access");
        browser.screenshot(SCREENSHOTS.resolve("operation.png"));
        browser.click("nav", "Events");
        browser.awaitText("clicked");
        browser.screenshot(SCREENSHOTS.resolve("events.png"));
        browser.click("nav", "Log out");
        browser.await("the form is there again", "document.querySelector('#password')");
    }

    @Test
    public void whatOthersDoIsSeenAndAServerThatGoesIsMissed() throws Exception {
        logIn(PASSWORD);
        browser.click("nav", "Virtual environments");
        browser.await("its heading", "document.querySelector('h1')?.innerText === 'Virtual environments'");
        environment("of-somebody-else");
        browser.awaitText("of-somebody-else");
        SERVER.run("stop");
        browser.awaitText("The server cannot be reached.");
        browser.screenshot(SCREENSHOTS.resolve("away.png"));
        SERVER.start();
        // sessions end with the server: whoever was logged in is asked again
        browser.await("it recovers", "document.querySelector('#password')");
        logIn(PASSWORD);
        browser.awaitText("of-somebody-else");
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
        browser.fill("#storageServerName", "kept-for-later");
        browser.click("#wizard", "Keep for later");
        browser.awaitText("The answers are kept");
        browser.eval("location.reload()");
        browser.await(
                "they are there again", "document.querySelector('#storageServerName')?.value === 'kept-for-later'");
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
        browser.click("nav", "Log out");

        logIn("olga", "a-long-password");
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

    private void logIn(String password) throws Exception {
        logIn("admin", password);
    }

    private void logIn(String user, String password) throws Exception {
        browser.fill("#user", user);
        browser.fill("#password", password);
        browser.click("form", "Log in");
    }
}
