package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.qrm.itests.OpenConsole.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Lists of the web console to work with: many rows are selected and acted on, columns are chosen, and all is written as CSV. */
public class ConsoleTableIT extends SimulatedSite {

    private static final String SELECTED = "document.querySelector('.selection [role=status]').innerText";

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @Before
    public void open() throws Exception {
        browser = console.browser();
    }

    @Test
    public void aRangeOfRowsIsSelectedAndActedOn() throws Exception {
        logIn();
        show(browser, "resources?sort=name");
        String third = name(3);
        check(3, false);
        browser.await("one", SELECTED + " === '1 is selected'");
        check(7, true);
        browser.await("five", SELECTED + " === '5 are selected'");
        OpenConsole.inBothColours(browser, "selection");
        browser.click(".selection", "Maintenance ▾");
        browser.await("the menu", "document.querySelector('details.menu[open]')");
        OpenConsole.inBothColours(browser, "selection-menu");
        browser.click(".menu[open]", "Begin maintenance…");
        browser.await("what it would do", advice("It would be begun on 5 of 5."));
        assertTrue(browser.eval("document.querySelector('dialog').innerText")
                .asText()
                .contains(third));
        browser.fill("#why", "new switch");
        OpenConsole.inBothColours(browser, "selection-dialog");
        browser.click("dialog", "Begin maintenance");
        browser.await("nothing is selected", "document.querySelector('.selection.visually-hidden')");
        awaitState("maintenance", 5);
        rest.await("its end", "/operations?kind=resources.maintenance&limit=1", first("state", "done"));
        JsonNode told = rest.get("/events?type=resource.asked&limit=5").get("items");
        assertEquals(5, told.size());
        for (JsonNode event : told) {
            assertTrue(
                    event.get("description").asText().startsWith("admin asks to begin maintenance of resource node-"));
            assertTrue(event.get("description").asText().endsWith(": new switch"));
        }

        show(browser, "resources?state=maintenance");
        browser.await("they are shown", "document.querySelectorAll('tbody tr').length === 5");
        browser.eval("document.querySelector('thead input').click()");
        browser.await("all of them", SELECTED + " === '5 are selected'");
        browser.click(".selection", "Maintenance ▾");
        browser.click(".menu[open]", "End maintenance…");
        browser.await("what it would do", advice("It would be begun on 5 of 5."));
        browser.click("dialog", "End maintenance");
        awaitIdle(MACHINES);
    }

    @Test
    public void whatWasRefusedIsTold() throws Exception {
        environment("busy");
        start("busy");
        rest.await("it runs", "/virtual-environments/busy", is("state", "active"));
        String machine =
                rest.get("/resources?environmentId=busy").at("/items/0/name").asText();
        logIn();
        show(browser, "resources");
        browser.await("rows", "document.querySelectorAll('tbody tr').length === 30");
        browser.eval("document.querySelector('thead input').click()");
        browser.await("all", SELECTED + " === '30 are selected'");
        browser.click(".selection", "Maintenance ▾");
        browser.click(".menu[open]", "Begin maintenance…");
        browser.await("who refuses", advice(machine + ": it is bound to virtual environment busy"));
        browser.click("dialog", "Begin maintenance");
        browser.await(
                "the strip says who and why",
                "document.querySelector('#tasks')?.innerText.includes('29 of 30 done, 1 refused: " + machine
                        + ": it is bound')");
        String id = rest.get("/operations?kind=resources.maintenance&limit=1")
                .at("/items/0/id")
                .asText();
        show(browser, "operations/" + id);
        browser.await("its parts", "document.querySelectorAll('[aria-label=Parts] tbody tr').length === 30");
        browser.click("[aria-label='Of these']", "refused");
        browser.await("one of them", "document.querySelectorAll('[aria-label=Parts] tbody tr').length === 1");
        assertTrue(browser.eval("document.querySelector('[aria-label=Parts] tbody').innerText")
                .asText()
                .contains(machine));
        OpenConsole.inBothColours(browser, "parts");
        browser.click("#tasks [data-operation='" + id + "']", "Dismiss");
        rest.make("/resource-actions?state=maintenance", "{\"action\":\"resume\"}");
        stop("busy");
        rest.delete("/virtual-environments/busy");
        awaitIdle(MACHINES);
    }

    @Test
    public void theKeyboardDoes() throws Exception {
        logIn();
        show(browser, "resources");
        browser.await("rows", "document.querySelectorAll('tbody tr').length === 30");
        browser.eval("document.querySelectorAll('tbody input.select')[4].focus()");
        browser.press("Space");
        browser.await("one", SELECTED + " === '1 is selected'");
        browser.pressWithShift("ArrowDown");
        browser.pressWithShift("ArrowDown");
        browser.await("three", SELECTED + " === '3 are selected'");
        browser.press("ArrowUp");
        assertEquals(
                "Select " + name(6),
                browser.eval("document.activeElement.ariaLabel").asText());
        browser.press("Escape");
        browser.await("none", SELECTED + " === ''");
        browser.press("Space");
        browser.eval(
                "[...document.querySelectorAll('.selection summary')].find(each => each.innerText.startsWith('Power')).focus()");
        browser.press("Enter");
        browser.await("the menu", "document.querySelector('details.menu[open]')");
        browser.press("Tab");
        assertEquals(
                "Power on…", browser.eval("document.activeElement.innerText").asText());
        browser.press("Escape");
        browser.await("it is closed", "!document.querySelector('details.menu[open]')");
        assertTrue(browser.eval("document.activeElement.innerText").asText().startsWith("Power"));
        browser.eval("location.hash = '#/events'");
        browser.await("another page", "document.querySelector('h1')?.innerText === 'Events'");
        show(browser, "resources");
        assertEquals("", browser.eval(SELECTED).asText());
    }

    @Test
    public void columnsAreChosenAndKept() throws Exception {
        logIn();
        show(browser, "resources");
        assertFalse(heads().contains("Address"));
        browser.click("main", "Columns ▾");
        browser.eval("document.querySelector('#column-address').click()");
        browser.eval("document.querySelector('#column-kind').click()");
        browser.await("the column", "document.querySelector('thead').innerText.includes('Address')");
        assertFalse(heads().contains("Kind"));
        OpenConsole.inBothColours(browser, "columns");
        browser.reload();
        browser.await("it is there again", "document.querySelector('thead')?.innerText.includes('Address')");
        assertFalse(heads().contains("Kind"));
        browser.click("main", "Columns ▾");
        browser.click(".menu[open]", "As usual");
        browser.await("as before", "!document.querySelector('thead').innerText.includes('Address')");
        assertTrue(heads().contains("Kind"));
    }

    @Test
    public void whatMatchesIsWrittenAsCsv() throws Exception {
        logIn();
        rest.make("/resource-actions", "{\"action\":\"tag\",\"tags\":[\"a\",\"rack=7\"],\"resources\":[\"1\",\"2\"]}");
        show(browser, "resources?tag=rack%3D7&sort=name");
        browser.await("two rows", "document.querySelectorAll('tbody tr').length === 2");
        browser.eval("{ const make = URL.createObjectURL; URL.createObjectURL = (blob) => {"
                + " blob.text().then((text) => { window.written = text; }); return make(blob); }; }");
        browser.click("main", "Export CSV");
        browser.awaitText("2 resources are in resources.csv.");
        browser.await("it is written", "window.written");
        List<String> lines =
                Arrays.asList(browser.eval("window.written").asText().split("\r\n"));
        assertEquals(3, lines.size());
        assertEquals("Name,State,Power,Kind,MAC,CPUs,Memory (MiB),Runs,Tags", lines.get(0));
        assertTrue(
                lines.get(1),
                lines.get(1).matches("node-[0-9a-f]{12},idle,[a-z ]*,node,[0-9a-f:]{17},[0-9]+,[0-9]+,,a rack=7"));
        rest.make("/resource-actions", "{\"action\":\"untag\",\"tags\":[\"a\",\"rack\"],\"all\":true}");
        rest.await(
                "they are gone",
                "/resources?tag=rack",
                list -> list.get("items").isEmpty());
    }

    @Test
    public void environmentsAreStartedAndStoppedAtOnce() throws Exception {
        environment("one");
        environment("two");
        logIn();
        show(browser, "environments");
        browser.await("rows", "document.querySelectorAll('tbody tr').length === 2");
        browser.eval("document.querySelector('thead input').click()");
        browser.click(".selection", "Start…");
        browser.await("what it would do", advice("It would be begun on 2 of 2."));
        browser.click("dialog", "Start");
        rest.await("one runs", "/virtual-environments/one", is("state", "active"));
        rest.await("two runs", "/virtual-environments/two", is("state", "active"));
        browser.await(
                "it is seen",
                "[...document.querySelectorAll('tbody .badge')].every(each => each.innerText === 'active')");
        browser.eval("document.querySelector('thead input').click()");
        OpenConsole.inBothColours(browser, "environments-selected");
        browser.click(".selection", "Stop…");
        browser.await("what it would do", advice("It would be begun on 2 of 2."));
        browser.click("dialog", "Stop");
        rest.await("one is stopped", "/virtual-environments/one", is("state", "inactive"));
        rest.await("two is stopped", "/virtual-environments/two", is("state", "inactive"));
        for (String each : List.of("one", "two")) {
            rest.delete("/virtual-environments/" + each);
        }
    }

    @Test
    public void whoOnlyLooksHasNothingToSelect() throws Exception {
        rest.make("/users", "{\"name\":\"looks\",\"password\":\"only looks here\",\"role\":\"viewer\"}");
        OpenConsole.logIn(browser, "looks", "only looks here");
        show(browser, "resources");
        browser.await("rows", "document.querySelectorAll('tbody tr').length === 30");
        assertEquals(
                0,
                browser.eval("document.querySelectorAll('tbody input, .selection').length")
                        .asInt());
        browser.resize(375, 800);
        browser.await("nothing scrolls sideways", "document.documentElement.scrollWidth <= 375");
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("table-phone.png"));
        rest.delete("/users/looks");
    }

    private void logIn() throws Exception {
        OpenConsole.logIn(browser, "admin", PASSWORD);
    }

    /** What stands in the dialog about what would come of it. */
    private static String advice(String text) {
        return "document.querySelector('#advice')?.innerText.includes('" + text + "')";
    }

    private String name(int place) throws Exception {
        browser.await("rows", "document.querySelectorAll('tbody tr').length === 30");
        return browser.eval("document.querySelectorAll('tbody tr')[" + (place - 1) + "].dataset.name")
                .asText();
    }

    /** Clicks the box of a row. */
    private void check(int place, boolean shift) throws Exception {
        browser.eval("document.querySelectorAll('tbody input.select')[" + (place - 1)
                + "].dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: " + shift
                + " }))");
    }

    private String heads() throws Exception {
        return browser.eval("document.querySelector('thead').innerText").asText();
    }

    private static void awaitState(String state, int machines) throws InterruptedException {
        rest.await(
                machines + " in " + state,
                "/resources?limit=1000&state=" + state,
                list -> list.get("items").size() == machines);
    }

    private static java.util.function.Predicate<JsonNode> first(String field, String value) {
        return list -> list.at("/items/0/" + field).asText().equals(value);
    }
}
