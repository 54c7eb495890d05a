package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.itests.OpenConsole.show;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Filters that a user has saved stand at the side in each browser; lists are shown in groups. */
public class ConsoleFiltersIT extends SimulatedSite {

    private static final String SELECTED = "document.querySelector('.selection [role=status]').innerText";

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @Before
    public void tagThem() throws Exception {
        browser = console.browser();
        rest.make("/resource-actions", "{\"action\":\"tag\",\"tags\":[\"rack=2\"],\"resources\":[\"1\",\"2\",\"3\"]}");
        rest.make("/resource-actions", "{\"action\":\"tag\",\"tags\":[\"rack=10\"],\"resources\":[\"4\",\"5\"]}");
        rest.await(
                "they are tagged",
                "/resources?tag=rack&limit=10",
                list -> list.get("items").size() == 5);
    }

    @Test
    public void aFilterIsSavedSeenElsewhereRenamedAndDeleted() throws Exception {
        logIn(browser);
        show(browser, "resources?tag=rack%3D2&state=idle");
        browser.await("three rows", "document.querySelectorAll('tbody tr').length === 3");
        browser.click("main", "Save…");
        browser.await("the dialog", "document.querySelector('dialog[open]')");
        browser.fill("#name", "Rack 2/free");
        browser.click("dialog", "Save");
        browser.await("what is wrong", OpenConsole.wrong("name", "letters, digits"));
        browser.fill("#name", "Rack 2, free");
        OpenConsole.inBothColours(browser, "filter-save");
        browser.click("dialog", "Save");
        browser.await("it is at the side, and shown", "document.querySelector('.filters a[aria-current]')");
        assertEquals("Rack 2, free 3", filter(browser));
        assertEquals(
                "#/resources?query=tag%3Arack%3D2+state%3Aidle",
                browser.eval("document.querySelector('.filters a').getAttribute('href')")
                        .asText());
        OpenConsole.inBothColours(browser, "filter-saved");

        Browser other = console.browser();
        logIn(other);
        other.await("another desk has it", "document.querySelector('.filters a')");
        assertEquals("Rack 2, free 3", filter(other));
        rest.make("/resource-actions", "{\"action\":\"maintenance\",\"resources\":[\"1\"]}");
        other.await("it is counted anew", "document.querySelector('.filters .count').innerText.startsWith('2')");
        other.eval("document.querySelector('.filters a').click()");
        other.await("two rows", "document.querySelectorAll('tbody tr').length === 2");
        other.resize(375, 800);
        other.click(".head", "Menu");
        other.await("the pages", "document.querySelector('.side.open .filters a')");
        other.await("nothing scrolls sideways", "document.documentElement.scrollWidth <= 375");
        other.screenshot(OpenConsole.SCREENSHOTS.resolve("filter-phone.png"));
        rest.make("/resource-actions", "{\"action\":\"resume\",\"resources\":[\"1\"]}");

        browser.click("main", "Rename…");
        browser.await("the dialog", "document.querySelector('dialog[open]')");
        browser.fill("#name", "Free");
        browser.click("dialog", "Rename");
        browser.await("it is renamed", "document.querySelector('.filters .name')?.innerText === 'Free'");
        browser.click("main", "Delete…");
        browser.await("it asks", "document.querySelector('dialog[open]')");
        browser.click("dialog", "Delete");
        browser.await("it is gone", "!document.querySelector('.filters')");
        browser.await(
                "it can be saved again",
                "[...document.querySelectorAll('main button')].some(each => each.innerText === 'Save…')");
        assertEquals(0, rest.get("/filters").get("items").size());
        awaitIdle(MACHINES);
    }

    @Test
    public void filtersOfEventsAndOperationsAreSavedToo() throws Exception {
        rest.make("/filters", "{\"name\":\"Trouble\",\"list\":\"events\",\"query\":\"at-least:warning\"}");
        logIn(browser);
        show(browser, "operations?state=failed");
        browser.click("main", "Save…");
        browser.await("the dialog", "document.querySelector('dialog[open]')");
        browser.fill("#name", "Failed");
        browser.click("dialog", "Save");
        browser.await("both", "document.querySelectorAll('.filters a').length === 2");
        assertEquals(
                "Filters of Operations, Filters of Events",
                browser.eval("[...document.querySelectorAll('.filters')].map(each => each.ariaLabel).join(', ')")
                        .asText());
        browser.eval("document.querySelector('[aria-label=\"Filters of Events\"] a').click()");
        browser.await(
                "the events",
                "document.querySelector('h1')?.innerText === 'Events' && document.querySelector('#query').value === 'at-least:warning'");
        rest.delete("/filters/Trouble");
        rest.delete("/filters/Failed");
    }

    @Test
    public void machinesAreShownInGroupsAndAWholeGroupIsActedOn() throws Exception {
        logIn(browser);
        show(browser, "resources");
        browser.await("rows", "document.querySelectorAll('tbody tr').length === 30");
        choose("tag:rack");
        browser.await("three groups", "document.querySelectorAll('tbody.group').length === 3");
        assertEquals(
                "rack=2 3 resources, rack=10 2 resources, no tag rack 25 resources",
                browser.eval(
                                "[...document.querySelectorAll('tbody.group')].map(each => each.querySelector('th').innerText"
                                        + ".replace(/\\s+/g, ' ').trim()).join(', ')")
                        .asText());
        unfold("tag:rack:2");
        browser.await(
                "its rows", "document.querySelectorAll('[data-group=\"tag:rack:2\"] tr[data-name]').length === 3");
        OpenConsole.inBothColours(browser, "groups");
        box("tag:rack:10");
        browser.await("the group", SELECTED + " === '2 are selected'");
        browser.eval("document.querySelector('[data-group=\"tag:rack:2\"] input.select').click()");
        browser.await("and one more", SELECTED + " === '3 are selected'");
        assertTrue(
                "part of the other group",
                browser.eval("document.querySelector('[data-group=\"tag:rack:2\"] .group-head input').indeterminate")
                        .asBoolean());
        OpenConsole.inBothColours(browser, "groups-selected");
        browser.click(".selection", "Maintenance ▾");
        browser.click(".menu[open]", "Begin maintenance…");
        browser.await(
                "what it would do",
                "document.querySelector('#advice')?.innerText.includes('It would be begun on 3 of 3.')");
        browser.click("dialog", "Begin maintenance");
        rest.await(
                "they are in maintenance",
                "/resources?state=maintenance",
                list -> list.get("items").size() == 3);
        choose("state");
        browser.await("two groups", "document.querySelectorAll('tbody.group').length === 2");
        browser.await(
                "counts follow",
                "document.querySelector('[data-group=\"state:maintenance\"] .number').innerText.startsWith('3')");
        browser.eval("document.querySelector('[data-group=\"state:maintenance\"] .unfold').focus()");
        browser.press("Enter");
        browser.await(
                "by keyboard",
                "document.querySelectorAll('[data-group=\"state:maintenance\"] tr[data-name]').length === 3");
        browser.resize(375, 800);
        browser.await("nothing scrolls sideways", "document.documentElement.scrollWidth <= 375");
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("groups-phone.png"));
        browser.resize(1280, 900);
        browser.reload();
        browser.await("the address knows", "document.querySelectorAll('tbody.group').length === 2");
        choose("");
        browser.await("a plain list", "document.querySelectorAll('tbody tr').length === 30");
        rest.make("/resource-actions?state=maintenance", "{\"action\":\"resume\"}");
        awaitIdle(MACHINES);
    }

    @Test
    public void whatNobodyKnowsIsSaidAndEnvironmentsHaveGroupsToo() throws Exception {
        environment("one");
        environment("two");
        logIn(browser);
        show(browser, "resources?by=colour");
        browser.awaitText("Nothing is grouped by that");
        show(browser, "environments");
        choose("filesystem-image");
        browser.await("one group", "document.querySelector('[data-group=\"filesystem-image:web\"]')");
        unfold("filesystem-image:web");
        browser.await("its rows", "document.querySelectorAll('tr[data-name]').length === 2");
        OpenConsole.inBothColours(browser, "groups-environments");
        JsonNode groups = rest.get("/virtual-environment-groups?by=filesystem-image");
        assertEquals(2, groups.at("/items/0/number").asInt());
        for (String name : new String[] {"one", "two"}) {
            rest.delete("/virtual-environments/" + name);
        }
    }

    private static void logIn(Browser browser) throws Exception {
        OpenConsole.logIn(browser, "admin", PASSWORD);
    }

    /** The filter at the side, with how many fit. */
    private static String filter(Browser browser) throws Exception {
        return browser.eval("document.querySelector('.filters .name').innerText + ' '"
                        + " + parseInt(document.querySelector('.filters .count').innerText, 10)")
                .asText();
    }

    private void choose(String by) throws Exception {
        browser.eval("{ const field = document.querySelector('#group-by'); field.value = '" + by
                + "'; field.dispatchEvent(new Event('change', { bubbles: true })); }");
    }

    private void unfold(String group) throws Exception {
        browser.eval("document.querySelector('[data-group=\"" + group + "\"] .unfold').click()");
    }

    private void box(String group) throws Exception {
        browser.eval("document.querySelector('[data-group=\"" + group + "\"] .group-head input').click()");
    }
}
