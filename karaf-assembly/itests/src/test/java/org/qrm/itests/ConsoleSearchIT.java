package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.itests.OpenConsole.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The search in the console's head, and queries in its lists. */
public class ConsoleSearchIT extends SimulatedSite {

    private static final String FIELD = "document.querySelector('#search')";
    private static final String BOX = "document.querySelector('.found-box:not([hidden])')";

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @Before
    public void open() throws Exception {
        browser = console.browser();
    }

    private void logIn(String user, String password) throws Exception {
        OpenConsole.logIn(browser, user, password);
        browser.awaitText("idle machines");
    }

    /** Types anew, as a person does. */
    private void look(String text) throws Exception {
        browser.eval(FIELD + ".focus()");
        browser.eval("(field => { field.value = ''; field.dispatchEvent(new Event('input', {bubbles: true})); })("
                + FIELD + ")");
        browser.type(text);
    }

    private static String found(String title) {
        return "[...document.querySelectorAll('#found [role=option]')].find(each =>"
                + " each.querySelector('.found-title').innerText === '" + title + "')";
    }

    private String hash() throws Exception {
        return browser.eval("decodeURIComponent(location.hash.replaceAll('+', ' '))")
                .asText();
    }

    private List<String> groups() throws Exception {
        List<String> groups = new ArrayList<>();
        browser.eval("[...document.querySelectorAll('#found [role=group]')].map(each =>"
                        + " document.getElementById(each.getAttribute('aria-labelledby')).innerText)")
                .forEach(group -> groups.add(group.asText()));
        return groups;
    }

    @Test
    public void itFindsAsOneTypesAndLeadsThereByTheKeyboardAlone() throws Exception {
        logIn("admin", PASSWORD);
        JsonNode machine = rest.get("/resources?limit=1").at("/items/0");
        String digits = machine.get("mac").asText().replace(":", "");
        String spelled = digits.substring(0, 4) + "." + digits.substring(4, 8) + "." + digits.substring(8);
        browser.press("/");
        assertEquals("search", browser.eval("document.activeElement.id").asText());
        assertEquals(
                "the key itself is not typed",
                "",
                browser.eval(FIELD + ".value").asText());
        browser.type(spelled.toUpperCase(Locale.ROOT));
        browser.await(
                "the machine",
                found(machine.get("name").asText()) + "?.innerText.includes('MAC address "
                        + machine.get("mac").asText() + "')");
        assertEquals("true", browser.eval(FIELD + ".ariaExpanded").asText());
        assertEquals(
                "none is marked",
                0,
                browser.eval("document.querySelectorAll('[aria-selected=true]').length")
                        .asInt());
        browser.press("ArrowDown");
        assertEquals(
                "found-0",
                browser.eval(FIELD + ".getAttribute('aria-activedescendant')").asText());
        assertEquals(
                "true",
                browser.eval("document.querySelector('#found-0').ariaSelected").asText());
        assertEquals(
                "the field keeps the focus",
                "search",
                browser.eval("document.activeElement.id").asText());
        browser.press("ArrowUp");
        assertEquals(
                "back to the text",
                0,
                browser.eval("document.querySelectorAll('[aria-selected=true]').length")
                        .asInt());
        browser.press("ArrowDown");
        browser.press("Enter");
        browser.await(
                "its page",
                "document.querySelector('main h1')?.innerText.startsWith('"
                        + machine.get("name").asText() + "')");
        assertEquals("#/resources/" + machine.get("id").asText(), hash());
        assertEquals("", browser.eval(FIELD + ".value").asText());

        browser.eval(
                "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'k', ctrlKey: true, bubbles: true}))");
        browser.await("Ctrl-K leads there, too", "document.activeElement.id === 'search'");
        look("node-");
        browser.await("several kinds", "document.querySelectorAll('#found [role=group]').length > 1");
        assertEquals("Resources", groups().get(0));
        browser.await("how many there are", found("All 30 in the list"));
        OpenConsole.inBothColours(browser, "search");
        browser.press("Escape");
        browser.await("the list is away", BOX + " === null");
        assertEquals("the text stays", "node-", browser.eval(FIELD + ".value").asText());
        browser.press("ArrowDown");
        browser.await("and is back", BOX);
        browser.press("Escape");
        browser.press("Escape");
        browser.await("the text is away", FIELD + ".value === ''");
        look("node-");
        browser.await("found again", BOX + "?.innerText.includes('All 30')");
        browser.press("Tab");
        browser.await("whoever goes on leaves it", BOX + " === null");
    }

    @Test
    public void aQueryLeadsToTheListWhereItCanBeSeenAndTakenAway() throws Exception {
        logIn("admin", PASSWORD);
        look("state:idle kind:node memory>=1M");
        browser.await("what fits", found("All 30 in the list"));
        browser.press("Enter");
        browser.await(
                "the list",
                "document.querySelector('main h1')?.innerText === 'Resources' && document.querySelector('main').ariaBusy === 'false'");
        assertEquals("#/resources?query=state:idle kind:node memory>=1M", hash());
        assertEquals(
                "state:idle kind:node memory>=1M",
                browser.eval("document.querySelector('#query').value").asText());
        browser.await("its rows", "document.querySelectorAll('tbody tr').length === 30");
        OpenConsole.inBothColours(browser, "query");
        query("state:error");
        browser.awaitText("No resource fits that filter.");
        query("stat:error");
        browser.await(
                "what is wrong",
                "document.querySelector('#query-wrong')?.innerText.includes('character 1, there is no field stat')");
        assertEquals(
                "true",
                browser.eval("document.querySelector('#query').ariaInvalid").asText());
        OpenConsole.inBothColours(browser, "query-wrong");
        browser.click("main", "Remove the query");
        browser.await(
                "all are there",
                "document.querySelectorAll('tbody tr').length === 30 && document.querySelector('#query').value === ''");
        for (String page : List.of("events", "operations", "environments")) {
            show(browser, page + "?query=frob:1");
            browser.await(page, "document.querySelector('#query-wrong')?.innerText.includes('there is no field frob')");
            browser.click("main", "Remove the query");
            browser.await(
                    "the whole list of " + page,
                    "!document.querySelector('#query-wrong') && location.hash === '#/" + page + "'");
        }
    }

    private void query(String text) throws Exception {
        browser.eval("(field => { field.value = '" + text
                + "'; field.form.requestSubmit(); })(document.querySelector('#query'))");
    }

    @Test
    public void itSaysWhatIsWrongAndWhatCanBeFound() throws Exception {
        logIn("admin", PASSWORD);
        look("state:frob");
        browser.await("what is wrong", BOX + "?.innerText.includes('character 1, it is none of new, idle')");
        look("no such thing");
        browser.await("nothing", BOX + "?.innerText.includes('Nothing is found for “no such thing”.')");
        browser.await(
                "who does not see is told",
                "document.querySelector('.search [role=status]').innerText === 'Nothing is found for no such thing.'");
        assertTrue(browser.eval(BOX + ".innerText.includes('MAC addresses')").asBoolean());
        assertEquals("false", browser.eval(FIELD + ".ariaExpanded").asText());
        OpenConsole.inBothColours(browser, "search-nothing");
        browser.resize(375, 812);
        look("node");
        browser.await("on a phone", found("All 30 in the list"));
        assertTrue(browser.eval("document.scrollingElement.scrollWidth <= innerWidth")
                .asBoolean());
        OpenConsole.inBothColours(browser, "phone-search");
    }

    @Test
    public void whatOthersHaveWrittenIsTextThere() throws Exception {
        String evil = "<b id=evil>\\\"bold\\\"</b><img src=x onerror=alert(1)>";
        rest.make(
                "/virtual-environments",
                "{\"name\":\"evil\",\"filesystemImage\":\"web\",\"mode\":\"multi\",\"description\":\"" + evil + "\"}");
        logIn("admin", PASSWORD);
        look("\"<b id=evil>\"");
        browser.await("it is found", found("evil") + "?.innerText.includes('<b id=evil>\"bold\"</b><img')");
        assertEquals(
                0,
                browser.eval("document.querySelectorAll('#evil, .search img').length")
                        .asInt());
        look("<i>nothing</i>");
        browser.await("what was typed, too", BOX + "?.innerText.includes('Nothing is found for “<i>nothing</i>”.')");
        rest.delete("/virtual-environments/evil");
    }

    @Test
    public void pagesAndWhatCanBeMadeAreThereForWhoMay() throws Exception {
        logIn("admin", PASSWORD);
        look("audit");
        browser.await("a page", found("Audit"));
        browser.press("ArrowDown");
        browser.press("Enter");
        browser.await("it is shown", "document.querySelector('main h1')?.innerText.startsWith('Audit')");
        look("storage s");
        browser.await("what can be made", found("New storage server"));
        assertEquals("Pages and actions", groups().get(groups().size() - 1));
        browser.eval(found("New storage server") + ".click()");
        browser.await(
                "the form",
                "document.querySelector('dialog[open] #storage-server-form, dialog[open]')?.innerText.includes('New storage server')");
        browser.press("Escape");
        browser.click("header", "Log out");
        rest.make("/users", "{\"name\":\"vera\",\"password\":\"looks at things\",\"role\":\"viewer\"}");
        browser.await("the page for logging in", "document.querySelector('main #password')");
        OpenConsole.logIn(browser, "vera", "looks at things");
        browser.await("she is in", FIELD);
        assertEquals(
                "what was looked for before is not there",
                "",
                browser.eval(FIELD + ".value").asText());
        look("audit");
        browser.await("what she may see", BOX + " && document.querySelector('.search [role=status]').innerText !== ''");
        assertTrue(browser.eval(found("Audit") + " === undefined").asBoolean());
        look("storage s");
        browser.await("the answer", BOX + " && document.querySelector('.search [role=status]').innerText !== ''");
        assertTrue(browser.eval(found("New storage server") + " === undefined").asBoolean());
        rest.delete("/users/vera");
    }

    @Test
    public void oneQuestionIsUnderWayAndTheLastCounts() throws Exception {
        logIn("admin", PASSWORD);
        browser.eval("(() => { const real = window.fetch; window.asked = []; window.fetch = async (path, options) => {"
                + " if (!String(path).includes('/search')) return real(path, options);"
                + " window.asked.push(options.signal);"
                + " if (window.asked.length === 1) await new Promise(go => { window.go = go; });"
                + " return real(path, options); }; })()");
        browser.eval("(field => { field.focus(); field.value = 'no such';"
                + " field.dispatchEvent(new Event('input', {bubbles: true})); })(" + FIELD + ")");
        browser.await("the first is asked", "window.go");
        browser.eval("(field => { for (const key of ' thing') { field.value += key;"
                + " field.dispatchEvent(new Event('input', {bubbles: true})); } })(" + FIELD + ")");
        browser.await("the last is answered", BOX + "?.innerText.includes('Nothing is found for “no such thing”.')");
        assertTrue(
                "the first is given up", browser.eval("window.asked[0].aborted").asBoolean());
        assertEquals(
                "not one for each key", 2, browser.eval("window.asked.length").asInt());
        browser.eval("window.go()");
        look("node-");
        browser.await("it goes on", found("All 30 in the list"));
    }
}
