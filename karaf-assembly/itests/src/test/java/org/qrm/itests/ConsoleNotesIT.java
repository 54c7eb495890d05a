package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.qrm.itests.OpenConsole.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;

/** Owners and notes in the web console: who writes them may be anybody's enemy. */
public class ConsoleNotesIT {

    private static final String PASSWORD = "notes of machines";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Each would do something if it were more than text; it is said by itself, and within Markdown. */
    private static final List<String> ATTACKS = List.of(
            "<script>window.hacked = 1</script>",
            "<img src=x onerror=\"window.hacked = 2\">",
            "<svg onload=\"window.hacked = 3\"></svg>",
            "<a href=\"javascript:window.hacked = 4\">a</a>",
            "<iframe srcdoc=\"<script>parent.hacked = 5</script>\"></iframe>",
            "[b](javascript:window.hacked=6)",
            "[c](JaVaScRiPt:window.hacked=7)",
            "[d](data:text/html,<script>window.hacked=8</script>)",
            "[e](&#106;avascript:window.hacked=9)",
            "[f](https://a.example/\"onclick=\"window.hacked=10)",
            "![g](x\"onerror=\"window.hacked=11)",
            "&lt;script&gt;window.hacked = 12&lt;/script&gt;",
            "\"><script>window.hacked = 13</script>",
            "${window.hacked = 14} {{window.hacked = 15}}",
            "<!-- --><style>body { display: none }</style>");

    private static final String LONG = "x".repeat(110);

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;
    private static Process machine;
    private static String path;

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @BeforeClass
    public static void oneOfEach() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SimulatedSite.admit(rest);
        machine = SimulatedSite.machines(SERVER, 1);
        rest.make("/storage-servers", "{\"name\":\"store\",\"address\":\"10.0.0.1\",\"exportRoot\":\"/x\"}");
        rest.make(
                "/filesystem-images", "{\"name\":\"web\",\"storageServer\":\"store\",\"source\":{\"type\":\"empty\"}}");
        rest.make("/virtual-environments", "{\"name\":\"web1\",\"filesystemImage\":\"web\"}");
        path = "/resources/"
                + rest.await(
                                "a machine is idle",
                                "/resources?state=idle",
                                list -> !list.at("/items/0").isMissingNode())
                        .at("/items/0/id")
                        .asText();
    }

    @AfterClass
    public static void switchOff() throws Exception {
        if (machine != null) {
            machine.destroy();
            machine.waitFor(20, TimeUnit.SECONDS);
            machine.destroyForcibly();
        }
    }

    @Before
    public void open() throws Exception {
        remark("", "");
        browser = console.browser();
        OpenConsole.logIn(browser, "admin", PASSWORD);
        browser.await("the frame", "document.querySelector('nav')");
        browser.eval("window.violations = []; document.addEventListener('securitypolicyviolation',"
                + " each => window.violations.push(each.violatedDirective + ' ' + each.sample))");
    }

    private static void remark(String owner, String note) throws Exception {
        rest.patch(
                path,
                JSON.createObjectNode().put("owner", owner).put("note", note).toString());
    }

    private static JsonNode text(String text) {
        return JSON.getNodeFactory().textNode(text);
    }

    private void showMachine() throws Exception {
        show(browser, path.substring(1));
    }

    /** Nothing but what Markdown makes, no handler, and links to the web alone, that know nothing of this page. */
    private void assertHarmless(String where) throws Exception {
        String inside =
                "[...document.querySelectorAll(" + text(where) + ")].flatMap(each => [...each.querySelectorAll('*')])";
        assertEquals(
                "[]",
                browser.eval(inside
                                + ".filter(each => !/^(A|B|BLOCKQUOTE|CODE|DIV|EM|H[2-5]|HR|LI|OL|P|PRE|S|SECTION|STRONG|UL|BUTTON)$/"
                                + ".test(each.tagName)).map(each => each.outerHTML)")
                        .toString());
        assertEquals(
                "[]",
                browser.eval(inside + ".flatMap(each => [...each.attributes]).map(each => each.name)"
                                + ".filter(name => name.startsWith('on') || name === 'style' || name === 'src')")
                        .toString());
        assertEquals(
                "[]",
                browser.eval(inside
                                + ".filter(each => each.tagName === 'A' && !each.getAttribute('href').startsWith('#/'))"
                                + ".filter(each => !/^https?:$/.test(each.protocol) || !each.rel.includes('noopener'))"
                                + ".map(each => each.outerHTML)")
                        .toString());
        assertEquals("undefined", browser.eval("typeof window.hacked").asText());
        assertEquals("[]", browser.eval("window.violations").toString());
        assertTrue(
                "nothing scrolls sideways",
                browser.eval("document.scrollingElement.scrollWidth <= innerWidth")
                        .asBoolean());
    }

    @Test
    public void whateverStandsInANoteIsText() throws Exception {
        StringBuilder note = new StringBuilder("# Attacks\n\n");
        ATTACKS.forEach(attack -> note.append(attack)
                .append("\n\n- ")
                .append(attack)
                .append("\n\n> **")
                .append(attack)
                .append("**\n\n"));
        note.append("`")
                .append(ATTACKS.get(0))
                .append("`\n\n```\n")
                .append(ATTACKS.get(1))
                .append("\n```\n\n")
                .append(LONG.repeat(3));
        remark("", note.toString());
        showMachine();
        browser.await("the note", "document.querySelector('.note-card h3')?.innerText === 'Attacks'");
        for (String attack : ATTACKS) {
            // the one that is an address is shown by its name
            String shown = attack.startsWith("[f]") ? "f" : attack;
            assertTrue(
                    attack,
                    browser.eval("document.querySelector('.note-card').textContent.includes(" + text(shown) + ")")
                            .asBoolean());
        }
        assertHarmless(".note-card");
        browser.eval("document.querySelectorAll('.note-card a').forEach(each => {"
                + " each.addEventListener('click', event => event.preventDefault()); each.click(); })");
        assertHarmless(".note-card");
        browser.resize(375, 812);
        assertHarmless(".note-card");
        OpenConsole.inBothColours(browser, "phone-note-attacks");
    }

    @Test
    public void whateverIsAnOwnerIsText() throws Exception {
        for (String attack : ATTACKS) {
            remark(attack, "");
            showMachine();
            browser.await(attack, "document.querySelector('main .owner')?.innerText === " + text(attack));
            assertHarmless("main p:has(> .owner)");
        }
        remark(LONG, "");
        showMachine();
        browser.await("a long one", "document.querySelector('main .owner')?.innerText === " + text(LONG));
        assertHarmless("main p:has(> .owner)");
        remark(ATTACKS.get(1), "");
        show(browser, "resources");
        browser.eval("document.querySelector('#column-owner').click()");
        browser.await("the column", "document.querySelector('td .owner')?.innerText === " + text(ATTACKS.get(1)));
        browser.eval("document.querySelector('td .owner').click()");
        browser.await(
                "those of this owner",
                "document.querySelector('main').ariaBusy === 'false' && decodeURIComponent(location.hash).includes('owner=<img')"
                        + " && document.querySelectorAll('tbody tr').length === 1");
        assertEquals("undefined", browser.eval("typeof window.hacked").asText());
        assertEquals(
                0, browser.eval("document.querySelectorAll('main img').length").asInt());
    }

    @Test
    public void aNoteIsWrittenWithAPreviewAndFound() throws Exception {
        showMachine();
        browser.awaitText("Nobody has written anything.");
        browser.click("main", "Owner and note…");
        browser.fill("#owner", "ann of storage");
        browser.fill(
                "#note",
                "# Power supply\n\nSupply **B** hums; see [the ticket](https://tickets.example/17).\n\n1. ask ann\n2. `qrm resource maintenance`\n"
                        + "   - and wait\n\n> Do not pull both.\n\n```\nslot 3: spare\n```");
        browser.await("the preview", "document.querySelector('dialog .preview h3')?.innerText === 'Power supply'");
        OpenConsole.inBothColours(browser, "note-preview");
        browser.click("dialog", "Save");
        browser.await("it stands on the page", "document.querySelector('.note-card strong')?.innerText === 'B'");
        assertEquals(
                "ann of storage",
                browser.eval("document.querySelector('main .owner').innerText").asText());
        OpenConsole.inBothColours(browser, "note");
        browser.fill("#search", "supply **b**");
        browser.await("it is found", "document.querySelector('#found')?.innerText.includes('Supply **B** hums')");
        show(browser, path.substring(1) + "?tab=story");
        browser.awaitText("belongs to ann of storage now; before: nobody");
        assertFalse(
                "events do not tell what it says",
                browser.eval("document.querySelector('main').innerText.includes('hums')")
                        .asBoolean());
    }

    @Test
    public void whatSomebodyElseHasWrittenMeanwhileIsShownAndNothingThatWasTypedIsLost() throws Exception {
        remark("ann", "first");
        showMachine();
        browser.click("main", "Owner and note…");
        browser.fill("#note", "mine\n\n- kept");
        remark("ann", "theirs");
        browser.click("dialog", "Save");
        browser.await(
                "both are shown",
                "document.querySelector('dialog .had')?.innerText === 'mine\\n\\n- kept'"
                        + " && document.querySelector('#note').value === 'theirs'");
        OpenConsole.inBothColours(browser, "note-conflict");
        assertEquals("theirs", rest.get(path).get("note").asText());
        browser.click("dialog", "Take back what you had");
        browser.await("it is there again", "document.querySelector('#note').value === 'mine\\n\\n- kept'");
        browser.click("dialog", "Save");
        browser.await("it is saved", "document.querySelector('.note-card li')?.innerText === 'kept'");
        assertEquals("mine\n\n- kept", rest.get(path).get("note").asText());

        browser.click("main", "Owner and note…");
        browser.fill("#note", "more");
        rest.replace(path + "/tags/rack=7", "");
        browser.click("dialog", "Save");
        browser.await("something else is no conflict", "document.querySelector('.note-card p')?.innerText === 'more'");
        assertEquals("rack=7", rest.get(path).at("/tags/0").asText());
    }

    @Test
    public void allThatHasNotesHasThemInTheConsoleAndViewersReadThem() throws Exception {
        for (String page : List.of("images/filesystem", "images/boot", "images/storage")) {
            show(browser, page);
            browser.click("main tbody tr", "owner and note…");
            browser.fill("#owner", "bob");
            browser.fill("#note", "# Of " + page);
            browser.click("dialog", "Save");
            browser.await(
                    "its owner",
                    "[...document.querySelectorAll('td[data-title=Owner]')].some(each => each.innerText === 'bob')");
        }
        OpenConsole.inBothColours(browser, "note-storage");
        show(browser, "environments/web1");
        browser.click("main", "Owner and note…");
        browser.fill("#note", "# Of web1");
        browser.click("dialog", "Save");
        browser.await("the card", "document.querySelector('.note-card h3')?.innerText === 'Of web1'");

        rest.make("/users", "{\"name\":\"vera\",\"password\":\"looks at things\",\"role\":\"viewer\"}");
        browser.click("header", "Log out");
        browser.await("the page for logging in", "document.querySelector('main #password')");
        OpenConsole.logIn(browser, "vera", "looks at things");
        show(browser, "environments/web1");
        browser.await("she reads it", "document.querySelector('.note-card h3')?.innerText === 'Of web1'");
        assertFalse(browser.eval("[...document.querySelectorAll('main button')]"
                        + ".some(each => each.innerText.includes('Owner and note'))")
                .asBoolean());
        show(browser, "images/storage");
        browser.click("main tbody tr", "note…");
        browser.await("and this", "document.querySelector('dialog h3')?.innerText === 'Of images/storage'");
    }
}
