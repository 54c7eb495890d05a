package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;

/** The web console of a data centre of ten thousand machines. They have registered, and say nothing more. */
public class ConsoleOfManyIT {

    private static final int MANY = 10_000;
    private static final int PAGE = 100;
    private static final int SECONDS = 20;
    private static final List<String> PAGES = List.of(
            "", "picture", "events", "operations", "environments", "resources?by=state", "admission", "resources");

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;
    private static int count;
    private static String last;

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @BeforeClass
    public static void tenThousandMachines() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", SimulatedSite.PASSWORD)
                .set("QRM_SILENCE_SECONDS", "86400")
                .start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), SimulatedSite.PASSWORD);
        SimulatedSite.admit(rest);
        Process machines = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx128m",
                        "-jar",
                        SimulatedSite.jar("org.qrm.plugin.simulator-").toString(),
                        "http://127.0.0.1:" + SERVER.port("QRM_HTTP_PORT"),
                        "load=registrations",
                        "connections=16",
                        "seconds=600")
                .redirectErrorStream(true)
                .redirectOutput(SERVER.data().resolve("machines.log").toFile())
                .start();
        try {
            rest.await(
                    "they are registered",
                    "/server",
                    server -> server.path("resources").path("idle").asInt() >= MANY);
        } finally {
            machines.destroyForcibly();
            machines.waitFor(20, TimeUnit.SECONDS);
        }
        countThem();
    }

    private static void countThem() throws Exception {
        JsonNode next = null;
        do {
            JsonNode list =
                    rest.get("/resources?fields=name&limit=1000" + (next == null ? "" : "&after=" + next.asText()));
            JsonNode items = list.get("items");
            count += items.size();
            last = items.get(items.size() - 1).get("name").asText();
            next = list.get("next");
        } while (!next.isNull());
    }

    @Before
    public void open() throws Exception {
        browser = console.browser();
        OpenConsole.logIn(browser, "admin", SimulatedSite.PASSWORD);
        OpenConsole.show(browser, "resources");
    }

    @Test
    public void ofManyOnlyAPageIsShownAndTheLastOneIsWithinReach() throws Exception {
        awaitRows(1, PAGE);
        browser.click("main", "Next 100");
        awaitRows(PAGE + 1, 2 * PAGE);
        int from = (count - 1) / PAGE * PAGE + 1;
        browser.click("main", "Last");
        awaitRows(from, count);
        assertEquals(
                last,
                browser.eval("[...document.querySelectorAll('tbody tr')].at(-1).dataset.name")
                        .asText());
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("many.png"));
        browser.click("main", "Previous 100");
        awaitRows(from - PAGE, from - 1);
        browser.reload();
        awaitRows(from - PAGE, from - 1);
        browser.click("main", "First");
        awaitRows(1, PAGE);
    }

    @Test
    public void theHeadOfAColumnSortsAllOfThem() throws Exception {
        awaitRows(1, PAGE);
        browser.click("main", "Name");
        browser.await("it says so", "document.querySelector('th[aria-sort=ascending]')?.innerText.startsWith('Name')");
        browser.click("main", "Name ▲");
        browser.await("the other way", "document.querySelector('th[aria-sort=descending]')");
        awaitRows(1, PAGE);
        JsonNode names = rest.get("/resources?fields=name&limit=101&sort=-name").get("items");
        browser.await(
                "the greatest first",
                "document.querySelector('tbody tr')?.dataset.name === '"
                        + names.get(0).get("name").asText() + "'");
        browser.click("main", "Next 100");
        browser.await(
                "and so on",
                "document.querySelector('tbody tr')?.dataset.name === '"
                        + names.get(100).get("name").asText() + "'");
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("sorted.png"));
    }

    @Test
    public void allThatMatchAreSelectedAcrossPages() throws Exception {
        awaitRows(1, PAGE);
        browser.eval("document.querySelector('tbody input.select').click()");
        browser.click(".selection", "Select all " + count + " that match");
        String selected = "document.querySelector('.selection [role=status]').innerText";
        browser.await("all of them", selected + ".startsWith('" + count + " that match')");
        browser.click("main", "Next 100");
        awaitRows(PAGE + 1, 2 * PAGE);
        assertTrue(
                "on each page",
                browser.eval("document.querySelector('thead input').checked").asBoolean());
        browser.click(".selection", "Maintenance ▾");
        browser.click(".menu[open]", "Begin maintenance…");
        browser.await(
                "what it would do",
                "document.querySelector('#advice')?.innerText.includes('on " + count + " of " + count + "')");
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("all-that-match.png"));
        browser.click("dialog", "Cancel");
        OpenConsole.show(browser, "resources?text=" + last);
        browser.await("another filter begins anew", selected + " === ''");
    }

    @Test
    public void allOfThemAreAGroup() throws Exception {
        OpenConsole.show(browser, "resources?by=state");
        browser.await("one group", "document.querySelector('[data-group=\"state:idle\"]')");
        browser.eval("document.querySelector('.unfold').click()");
        browser.await("its first rows", "document.querySelectorAll('tr[data-name]').length === " + PAGE);
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("many-grouped.png"));
        browser.eval("document.querySelector('.group-head input').click()");
        browser.await(
                "the whole group",
                "document.querySelector('.selection [role=status]').innerText === '" + count
                        + ", the whole group, are selected'");
        browser.click(".selection", "Maintenance ▾");
        browser.click(".menu[open]", "Begin maintenance…");
        browser.await(
                "what it would do",
                "document.querySelector('#advice')?.innerText.includes('on " + count + " of " + count + "')");
        browser.click("dialog", "Cancel");
        browser.click("main", "All " + String.format(java.util.Locale.US, "%,d", count) + " in a list of their own");
        awaitRows(1, PAGE);
    }

    @Test
    public void whoHasScrolledDownStaysThereWhenThePageAsksAgain() throws Exception {
        awaitRows(1, PAGE);
        browser.eval("scrollTo(0, document.body.scrollHeight)");
        int down = browser.eval("Math.round(scrollY)").asInt();
        assertTrue("there is more than fits the screen", down > 1000);
        String asked =
                "performance.getEntriesByType('resource').filter(each => each.name.includes('/resources?')).length";
        int before = browser.eval(asked).asInt();
        browser.await("it asks again", asked + " > " + before);
        assertEquals(down, browser.eval("Math.round(scrollY)").asInt());
        awaitRows(1, PAGE);
    }

    @Test
    public void aFilterFindsOneAmongMany() throws Exception {
        browser.fill("#text", last);
        browser.await("one row", "document.querySelectorAll('tbody tr').length === 1");
        browser.click("tbody", last);
        browser.awaitText("Last seen");
        OpenConsole.show(browser, "resources?state=idle");
        awaitRows(1, PAGE);
        OpenConsole.show(browser, "resources?state=error");
        browser.awaitText("No resource fits that filter.");
    }

    @Test
    public void theDataCentreSaysThatItShowsTheFirstOnes() throws Exception {
        OpenConsole.show(browser, "picture");
        browser.awaitText("These are the first 1000 resources");
        assertEquals(
                1000,
                browser.eval("document.querySelectorAll('.picture > li').length")
                        .asInt());
    }

    @Test
    public void theDataCentreHasASquareForEach() throws Exception {
        OpenConsole.show(browser, "picture");
        browser.await(
                "all are drawn",
                "document.querySelector('qrm-heat canvas')?.getAttribute('aria-label').endsWith(': " + count
                        + " idle')");
        OpenConsole.inBothColours(browser, "heat");
        browser.eval("(() => { const canvas = document.querySelector('qrm-heat canvas');"
                + " canvas.focus();"
                + " for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowUp'])"
                + " canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); })()");
        browser.await("one is named", "document.querySelector('qrm-heat p').textContent.endsWith(': idle')");
        browser.eval("document.querySelector('qrm-heat canvas')"
                + ".dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))");
        browser.await("its page", "/^#.resources.[0-9]+$/.test(location.hash)");
    }

    /** The machines of the page that is in sight change, each of them once a second. */
    @Test
    public void eightTabsFollowAHundredChangesASecond() throws Exception {
        List<String> ids =
                rest.get("/resources?fields=id&limit=" + PAGE).get("items").findValuesAsText("id");
        try (MeteredPort metered = new MeteredPort(SERVER.port("QRM_HTTPS_PORT"))) {
            List<Browser> tabs = new ArrayList<>();
            for (String page : PAGES) {
                Browser tab = browser.tab();
                tab.open("https://127.0.0.1:" + metered.port() + "/console/#/" + page);
                tab.await(
                        "it shows " + page,
                        "document.querySelector('main h1') && document.querySelector('main').ariaBusy === 'false'");
                tabs.add(tab);
            }
            Browser inSight = tabs.get(tabs.size() - 1);
            long before = metered.octets();
            int changes = renameFor(SECONDS, ids);
            long passed = metered.octets() - before;
            System.out.printf(
                    "%d tabs of a browser, %d machines, %d changes in %d s: %d kB/s%n",
                    tabs.size(), count, changes, SECONDS, passed / SECONDS / 1000);
            assertTrue(passed + " octets in " + SECONDS + " s", passed < SECONDS * 50_000L);
            rest.patch("/resources/" + ids.get(0), "{\"name\":\"the-last-of-all\"}");
            inSight.awaitText("the-last-of-all");
            for (Browser tab : tabs) {
                tab.show();
                String asked = "performance.getEntriesByType('resource').length";
                int already =
                        tab.eval("performance.clearResourceTimings(), " + asked).asInt();
                tab.await("it asks, and is answered", asked + " > " + already);
                assertEquals(
                        "none has lost the server",
                        "null",
                        tab.eval("String(document.querySelector('.alert-warning[role=alert]'))")
                                .asText());
            }
        }
    }

    /** As many as come to be, a hundred a second at most. */
    private static int renameFor(int seconds, List<String> ids) throws Exception {
        AtomicInteger done = new AtomicInteger();
        ScheduledExecutorService operators = Executors.newScheduledThreadPool(4);
        try {
            operators.scheduleAtFixedRate(
                    () -> operators.execute(() -> {
                        int number = done.getAndIncrement();
                        try {
                            rest.patch(
                                    "/resources/" + ids.get(number % ids.size()),
                                    "{\"name\":\"renamed-" + number + "\"}");
                        } catch (IOException | InterruptedException failed) {
                            done.decrementAndGet();
                        }
                    }),
                    0,
                    10,
                    TimeUnit.MILLISECONDS);
            TimeUnit.SECONDS.sleep(seconds);
            return done.get();
        } finally {
            operators.shutdownNow();
            operators.awaitTermination(20, TimeUnit.SECONDS);
        }
    }

    private void awaitRows(int from, int to) throws Exception {
        browser.awaitText(from + " to " + to + " of " + count);
        int rows = browser.eval("document.querySelectorAll('tbody tr').length").asInt();
        assertEquals(to - from + 1, rows);
        assertTrue(rows <= PAGE);
    }
}
