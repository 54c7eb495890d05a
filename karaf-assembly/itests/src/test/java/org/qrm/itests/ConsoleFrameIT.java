package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.itests.OpenConsole.SCREENSHOTS;
import static org.qrm.itests.OpenConsole.row;
import static org.qrm.itests.OpenConsole.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What stands around each page of the web console: the pages at the side, the work below, the way, and the login over it. */
public class ConsoleFrameIT extends SimulatedSite {

    private static final String TASKS = "document.querySelector('#tasks')";
    private static final String LOGIN = "document.querySelector('dialog#login[open]')";
    private static final int TABS = 8;

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @Before
    public void open() throws Exception {
        browser = console.browser();
    }

    @Test
    public void theSideNamesThePagesWithCountsAndMarksTheOneThatIsShown() throws Exception {
        logIn();
        show(browser, "resources");
        browser.await("how many there are", described("Resources", "30 in all"));
        assertEquals(
                List.of(
                        "Overview",
                        "Data centre",
                        "Resources",
                        "Admission",
                        "Virtual environments",
                        "Images",
                        "Plug-ins",
                        "Operations",
                        "Events",
                        "Subscriptions",
                        "Users",
                        "Audit"),
                names("#menu a"));
        assertEquals(List.of("Resources"), names("#menu [aria-current=page]"));
        browser.click("tbody", "node-025151000007");
        browser.await("a machine", "document.querySelector('h1')?.innerText.startsWith('node-')");
        assertEquals(List.of(), names("#menu [aria-current=page]"));
        assertEquals("it is within them", List.of("Resources"), names("#menu [aria-current=true]"));

        browser.click("#menu", "Icons only");
        browser.await("it is narrow", "document.querySelector('#menu').offsetWidth < 60");
        browser.reload();
        browser.await("it stays so", "document.querySelector('#menu')?.offsetWidth < 60");
        assertTrue("names stay for who does not see", names("#menu a").contains("Virtual environments"));
        browser.await("counts are there", "document.querySelector('.count')");
        OpenConsole.inBothColours(browser, "icons-only");
        browser.click("#menu", "Icons only");
        browser.await("it is wide", "document.querySelector('#menu').offsetWidth > 200");
    }

    @Test
    public void whatNobodyHasSeenIsCountedInTheTitleToo() throws Exception {
        logIn();
        show(browser, "events"); // that new machines are admitted as they come is a warning
        browser.await("the title tells how many", "/^\\(\\d+\\) Events · QRM$/.test(document.title)");
        browser.await("so does the side", described("Events", "alerts that nobody has seen"));
        assertEquals("icon-alert.svg", icon());
        assertTrue(
                "it is there",
                browser.eval("fetch('icon-alert.svg').then(answer => answer.ok)")
                        .asBoolean());
        // a machine that is late on a busy host is one more
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!browser.eval("document.title").asText().equals("Events · QRM")) {
            assertTrue("all are seen", System.nanoTime() < end);
            acknowledgeAll();
            LockSupport.parkNanos(200_000_000);
        }
        assertEquals("icon.svg", icon());
    }

    private static void acknowledgeAll() throws Exception {
        for (JsonNode event : rest.get("/events?atLeast=warning&acknowledged=false&resolved=false&limit=1000&fields=id")
                .get("items")) {
            rest.make("/events/" + event.get("id").asText() + "/actions", "{\"action\":\"acknowledge\"}");
        }
    }

    private String icon() throws Exception {
        return browser.eval("document.querySelector('link[rel=icon]').getAttribute('href')")
                .asText();
    }

    @Test
    public void everybodysWorkStandsBelowEachPageWhileItLasts() throws Exception {
        logIn();
        show(browser, "");
        browser.await("nothing is at work", "document.querySelector('.count') && " + TASKS + " === null");
        karaf("simulator:storage --delay 3000");
        String slow = fill("slow");
        // the calls of its first step
        browser.await(
                "what it is at is told",
                "['probe', 'list'].includes(" + task(slow) + "?.querySelector('.task-step')?.innerText)");
        browser.await("how far it is", task(slow) + ".querySelector('progress[aria-label^=Progress]')");
        OpenConsole.inBothColours(browser, "console");
        browser.click("#tasks [data-operation='" + slow + "']", "Cancel");
        browser.click("dialog", "Cancel it");
        browser.await("what became of it", task(slow) + "?.innerText.includes('somebody cancelled it')");
        karaf("simulator:storage --delay 0");
        browser.await(
                "its log is a click away",
                task(slow) + ".querySelector('.task-what').hash === '#/operations/" + slow + "'");
        browser.await("it goes by itself", TASKS + " === null");

        karaf("simulator:storage create \"disk full\"");
        String full = fill("full");
        browser.await("why it failed", task(full) + "?.innerText.includes('disk full')");
        browser.await(
                "who does not see is told",
                "document.querySelector('#ended[role=status]').innerText.includes('disk full')");
        karaf("simulator:storage create");
        String good = fill("good");
        browser.await("this one is done", task(good) + "?.innerText.includes('done')");
        browser.await("that goes, and the failure stays", task(good) + " === null && " + task(full));
        Browser other = console.tab(browser, "operations");
        other.await("another tab has it, too", task(full) + "?.innerText.includes('disk full')");
        theStripFoldsAndFitsAPhone(other);
        other.click("#tasks [data-operation='" + full + "']", "Dismiss");
        browser.await("it is dismissed in all tabs", task(full) + " === null");
        for (String image : List.of("slow", "full", "good")) {
            rest.delete("/filesystem-images/" + image);
        }
    }

    private void theStripFoldsAndFitsAPhone(Browser tab) throws Exception {
        tab.resize(375, 812);
        tab.await("the page", "document.querySelector('main h1')");
        assertTrue(
                tab.eval("document.scrollingElement.scrollWidth <= innerWidth").asBoolean());
        assertEquals(List.of(), new Accessibility(tab).violations());
        tab.screenshot(SCREENSHOTS.resolve("phone-tasks.png"));
        tab.eval("document.querySelector('.tasks-head').click()");
        tab.await("it is folded", "document.querySelector('.tasks-head[aria-expanded=false] + [hidden]')");
        tab.eval("document.querySelector('.tasks-head').click()");
        tab.resize(1280, 900);
    }

    /** Makes a filesystem image, as somebody else does; the operation's number. */
    private static String fill(String name) throws Exception {
        return rest.make(
                        "/filesystem-images",
                        "{\"name\":\"" + name + "\",\"storageServer\":\"sim\",\"source\":{\"type\":\"empty\"}}")
                .get("id")
                .asText();
    }

    /** What is told below the page of that operation; null when nothing is. */
    private static String task(String operation) {
        return "document.querySelector('#tasks [data-operation=\"" + operation + "\"]')";
    }

    @Test
    public void anotherPageBeginsAtItsHeadAndBackLeadsToWhereOneWas() throws Exception {
        logIn();
        show(browser, "resources");
        browser.await("all rows", "document.querySelectorAll('tbody tr').length === 30");
        browser.eval("scrollTo(0, 300)");
        browser.eval("document.querySelector('tbody tr:nth-child(20) a').click()");
        browser.await("a machine", "document.querySelector('h1')?.innerText.startsWith('node-')");
        browser.await("its head has the focus", "document.activeElement === document.querySelector('h1')");
        assertEquals(0, browser.eval("scrollY").asInt());
        browser.await("the title names it", "/node-\\w+ \\w+ · QRM$/.test(document.title)");
        assertEquals(
                "so does the way",
                browser.eval("document.querySelector('h1').innerText.split(' ')[0]")
                        .asText(),
                browser.eval("document.querySelector('#way [aria-current=page]').innerText")
                        .asText());
        assertEquals(List.of("Resources"), names("#way a"));
        browser.eval("history.back()");
        browser.await("the list", "document.querySelectorAll('tbody tr').length === 30");
        browser.await("where one was", "scrollY === 300");
        browser.await("its title", "document.title.endsWith('Resources · QRM')");
        browser.reload();
        browser.await("and after a reload", "document.querySelectorAll('tbody tr').length === 30 && scrollY === 300");

        browser.eval("document.querySelector('#state').focus()");
        browser.fill("#state", "error");
        browser.awaitText("No resource fits that filter.");
        assertEquals(
                "a filter keeps the focus",
                "state",
                browser.eval("document.activeElement.id").asText());
    }

    @Test
    public void aPageThatComesLateLeavesWhoTypesAlone() throws Exception {
        logIn();
        browser.eval("(() => { const real = window.fetch; window.fetch = async (path, options) => {"
                + " if (String(path).includes('/subscriptions')) await new Promise(go => { window.go = go; });"
                + " return real(path, options); }; })()");
        browser.eval("location.hash = '#/subscriptions'");
        browser.await("it is asked for", "window.go");
        browser.eval("document.querySelector('#search').focus()");
        browser.eval("window.go()");
        browser.await("it is there", "document.querySelector('main h1')?.innerText === 'Subscriptions'");
        assertEquals("search", browser.eval("document.activeElement.id").asText());
    }

    @Test
    public void whatIsNotThereIsSaid() throws Exception {
        logIn();
        Accessibility accessibility = new Accessibility(browser);
        for (String[] each : new String[][] {
            {"nosuch", "There is no such page"},
            {"events/5", "There is no such page"},
            {"resources/%zz", "There is no such page"},
            {"plugin/gone", "There is no such page"},
            {"resources/zzz", "There is no such thing"},
            {"environments/zzz", "There is no such thing"},
        }) {
            show(browser, each[0]);
            browser.await(each[0], "document.querySelector('main h1').innerText === '" + each[1] + "'");
            browser.await("its title", "document.title.endsWith('" + each[1] + " · QRM')");
            assertTrue(browser.eval("!document.querySelector('main').innerText.includes('Loading')")
                    .asBoolean());
            assertEquals(each[0], List.of(), accessibility.violations());
        }
        assertEquals(List.of("Virtual environments"), names("#way a"));

        rest.make("/users", "{\"name\":\"vera\",\"password\":\"only to look\",\"role\":\"viewer\"}");
        browser.click("header", "Log out");
        OpenConsole.logIn(browser, "vera", "only to look");
        show(browser, "audit");
        browser.await("why not", "document.querySelector('main h1').innerText === 'This page is not for you'");
        assertEquals("nor is it offered", false, names("#menu a").contains("Audit"));
        rest.delete("/users/vera");
    }

    @Test
    public void asManyTabsAsOneLikesShareOneStream() throws Exception {
        logIn();
        List<Browser> tabs = new ArrayList<>(List.of(browser));
        while (tabs.size() < TABS) {
            Browser tab = console.tab(browser, "environments");
            tab.await(
                    "tab " + tabs.size() + " comes",
                    "document.querySelector('main h1') && document.querySelector('.count')");
            tabs.add(tab);
        }
        browser.show();
        show(browser, "environments");
        environment("seen-by-all");
        for (Browser tab : tabs) {
            tab.await("the side counts it", described("Virtual environments", "in all"));
        }
        browser.await("the one in sight shows it", "document.querySelector('" + row("seen-by-all") + "')");
        for (Browser tab : tabs.subList(1, TABS)) {
            tab.show();
            tab.await(
                    "so do the others once they are in sight", "document.querySelector('" + row("seen-by-all") + "')");
        }
        rest.delete("/virtual-environments/seen-by-all");
        tabs.get(TABS - 1).await("the last leads now", "!document.querySelector('" + row("seen-by-all") + "')");
    }

    @Test
    public void whenASessionEndsTheLoginComesOverThePageAndNothingTypedIsLost() throws Exception {
        rest.make("/users", "{\"name\":\"olga\",\"password\":\"the first one\",\"role\":\"admin\"}");
        OpenConsole.logIn(browser, "olga", "the first one");
        browser.awaitText("idle machines");
        Browser other = console.tab(browser, "users");
        other.await("the page", "document.querySelector('#new-name')");
        other.fill("#new-name", "half a name");
        browser.show();
        show(browser, "environments");
        browser.eval("window.since = 'the beginning'");
        browser.click("main", "New virtual environment…");
        browser.fill("#name", "typed");
        browser.fill("#description", "with care");
        assertEquals(
                204,
                rest.post("/users/olga/password", "{\"password\":\"the second one\"}")
                        .statusCode());
        for (Browser each : List.of(browser, other)) {
            each.await("it asks again", LOGIN);
            each.await("why", LOGIN + ".innerText.includes('Your session has ended')");
        }
        assertEquals("password", browser.eval("document.activeElement.id").asText());
        OpenConsole.inBothColours(browser, "login-over");
        browser.press("Escape");
        browser.press("Escape");
        browser.eval("document.querySelector('#login [name=password]').value = 'the first one'");
        browser.click("#login", "Log in");
        browser.await("it is refused", LOGIN + ".querySelector('.alert-danger')");
        browser.eval("document.querySelector('#login [name=password]').value = 'the second one'");
        browser.click("#login", "Log in");
        for (Browser each : List.of(browser, other)) {
            each.await("one goes on", "!document.querySelector('#login')");
        }
        assertEquals(
                "half a name",
                other.eval("document.querySelector('#new-name').value").asText());
        browser.click("dialog", "Create");
        browser.await("what was typed is made", "document.querySelector('" + row("typed") + "')");
        assertEquals(
                "with care",
                rest.get("/virtual-environments/typed").get("description").asText());
        assertEquals("the beginning", browser.eval("window.since").asText());

        browser.click("header", "Log out");
        for (Browser each : List.of(browser, other)) {
            each.await("all tabs are out", "document.querySelector('main #password')");
        }
        OpenConsole.logIn(browser, "olga", "the second one");
        other.await("and in", "document.querySelector('#new-name')");
        rest.delete("/virtual-environments/typed");
        rest.delete("/users/olga");
    }

    @Test
    public void whoHasLoggedOutIsNotAskedAgainByWhatWasUnderWay() throws Exception {
        logIn();
        browser.eval("(() => { const real = window.fetch; window.fetch = async (path, ...more) => {"
                + " if (String(path).includes('/spares')) await new Promise(go => { window.go = go; });"
                + " return real(path, ...more); }; })()");
        String asked = "performance.getEntriesByType('resource').filter(each => each.name.includes('/spares')).length";
        int before = browser.eval(asked).asInt();
        browser.await("a question is under way", "window.go");
        browser.click("header", "Log out");
        browser.await("the page for logging in", "document.querySelector('main #password')");
        browser.eval("window.go()");
        browser.await("it is refused", asked + " > " + before);
        browser.eval("fetch('/api/v1/session').then(answer => answer.text())");
        assertEquals(
                0, browser.eval("document.querySelectorAll('dialog').length").asInt());
    }

    @Test
    public void onAPhoneThePagesComeOverThePage() throws Exception {
        browser.resize(375, 812);
        logIn();
        show(browser, "images/storage");
        browser.await("they are away", "document.querySelector('#menu').offsetHeight === 0");
        browser.eval("document.querySelector('.menu-button').focus()");
        browser.press("Enter");
        browser.await("the first has the focus", "document.activeElement.innerText.trim() === 'Overview'");
        assertEquals(
                "true",
                browser.eval("document.querySelector('.menu-button').ariaExpanded")
                        .asText());
        OpenConsole.inBothColours(browser, "phone-pages");
        for (int i = 0; i < 30; i++) {
            browser.press("Tab");
            assertTrue(
                    "nothing below them has the focus",
                    browser.eval("!document.querySelector('.page').contains(document.activeElement)")
                            .asBoolean());
        }
        browser.eval("document.querySelector('#menu a').focus()");
        browser.press("Escape");
        browser.await("they are away again", "document.querySelector('#menu').offsetHeight === 0");
        assertTrue(
                browser.eval("document.activeElement.matches('.menu-button')").asBoolean());
        browser.click("header", "Menu");
        browser.click("#menu", "Events");
        browser.await("another page", "document.querySelector('main h1')?.innerText === 'Events'");
        assertEquals(
                0, browser.eval("document.querySelector('#menu').offsetHeight").asInt());
    }

    private List<String> names(String selector) throws Exception {
        List<String> names = new ArrayList<>();
        browser.eval("[...document.querySelectorAll('" + selector + "')].map(each => each.textContent.trim())")
                .forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Whether the page of that name at the side is described with these words. */
    private static String described(String name, String words) {
        return "[...document.querySelectorAll('#menu a')].some(each => each.innerText.trim() === '" + name
                + "' && document.getElementById(each.getAttribute('aria-describedby'))?.textContent.includes('" + words
                + "'))";
    }

    private void logIn() throws Exception {
        OpenConsole.logIn(browser, "admin", PASSWORD);
        browser.awaitText("idle machines");
    }
}
