package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.itests.OpenConsole.SCREENSHOTS;
import static org.qrm.itests.OpenConsole.wrong;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Every page of the web console, for people who see or point badly, and on a phone. */
public class ConsolePagesIT extends SimulatedSite {

    private static final List<String> PAGES = List.of(
            "",
            "picture",
            "resources",
            "admission",
            "resources?state=error",
            "resources/1",
            "resources/1?tab=hardware",
            "resources/1?tab=history&span=hour",
            "resources/1?tab=story",
            "resources/1?tab=terminal",
            "environments",
            "environments/shown",
            "environments/shown?tab=story",
            "images/filesystem",
            "images/boot",
            "images/storage",
            "plugins",
            "plugins/xen",
            "operations",
            "operations/1",
            "events",
            "subscriptions",
            "users",
            "audit");

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    private Browser browser;

    @Before
    public void open() throws Exception {
        if (rest.get("/virtual-environments").get("items").isEmpty()) {
            environment("shown");
            rest.make("/plugins/xen/actions?wait=20", "{\"action\":\"register\"}");
        }
        browser = console.browser();
        browser.await("the form", "document.querySelector('#user')");
    }

    @Test
    public void everyPageIsAccessibleInLightAndInDark() throws Exception {
        Accessibility accessibility = new Accessibility(browser);
        List<String> violations = new ArrayList<>(accessibility.violations());
        logIn();
        for (String page : PAGES) {
            OpenConsole.show(browser, page);
            for (String each : accessibility.violations()) {
                violations.add(page + " " + each);
            }
            browser.screenshot(SCREENSHOTS.resolve("dark-" + fileName(page)));
        }
        assertEquals(List.of(), violations);
    }

    @Test
    public void howMachinesDidIsDrawn() throws Exception {
        logIn();
        OpenConsole.show(browser, "resources/1?tab=history&span=hour");
        browser.await("its charts", "document.querySelectorAll('qrm-chart canvas').length === 4");
        browser.await(
                "what it reported",
                "document.querySelector('qrm-chart').getAttribute('aria-label').startsWith('Load: load, last 0.')");
        OpenConsole.inBothColours(browser, "history");
        browser.click("main", "Year");
        browser.await("another span", "location.hash.includes('span=year')");
        browser.await(
                "the step of a year",
                "document.querySelector('qrm-chart')?.getAttribute('aria-label')?.includes('last 0.')");
        OpenConsole.show(browser, "");
        browser.await("those of the site", "document.querySelectorAll('qrm-chart canvas').length === 4");
        OpenConsole.inBothColours(browser, "history-of-the-site");
    }

    @Test
    public void whatAnImageHeldIsKeptAndGivenBackByClicks() throws Exception {
        logIn();
        OpenConsole.show(browser, "images/filesystem");
        browser.click(OpenConsole.row("web"), "snapshots…");
        browser.awaitText("Snapshots of web");
        browser.click("#snapshots", "New snapshot…");
        browser.fill("#snapshot", "-no name");
        browser.click("dialog", "Take");
        browser.await("what is no name", "document.querySelector('#snapshot-wrong')?.innerText");
        browser.fill("#snapshot", "before");
        browser.fill("#description", "<b>before</b> the upgrade");
        browser.click("dialog", "Take");
        String row = OpenConsole.row("before");
        browser.await("it is taken", "document.querySelector('" + row + " .badge')?.innerText === 'ready'");
        browser.awaitText("<b>before</b> the upgrade");
        OpenConsole.inBothColours(browser, "snapshots");
        browser.click(row, "restore…");
        browser.awaitText("all that was written since is lost");
        browser.click("dialog", "Restore");
        rest.await(
                "it is restored",
                "/operations?subject=filesystem-image/web&kind=filesystem-image.restore-snapshot",
                page -> page.at("/items/0/state").asText().equals("done"));
        browser.click(row, "delete…");
        browser.click("dialog", "Delete");
        browser.awaitText("There is none yet.");
    }

    @Test
    public void soIsWhatPagesAskAndTell() throws Exception {
        Accessibility accessibility = new Accessibility(browser);
        logIn();
        OpenConsole.show(browser, "environments/shown");
        browser.click("main", "Where would it go?");
        browser.awaitText("it fits");
        assertEquals("a plan", List.of(), accessibility.violations());
        browser.click("main", "Delete");
        browser.await("it asks first", "document.querySelector('dialog')");
        assertEquals("a question", List.of(), accessibility.violations());
        browser.click("dialog", "Cancel");

        OpenConsole.show(browser, "images/storage");
        browser.click("main", "New storage server…");
        browser.click("dialog", "Create");
        browser.await("what is missing", wrong("exportRoot", "needed"));
        assertEquals("a form", List.of(), accessibility.violations());
        browser.click("dialog", "Cancel");
        browser.click("main", "check");
        browser.awaitText("It can be used");
        assertEquals("a finding", List.of(), accessibility.violations());

        OpenConsole.show(browser, "plugins/xen");
        browser.fill("#sourceAddress", "nowhere");
        browser.click("#wizard", "Accept");
        browser.await("it is refused", "document.querySelector('.alert-danger')");
        assertEquals("a wizard's complaints", List.of(), accessibility.violations());

        OpenConsole.show(browser, "users");
        browser.fill("#token-name", "told");
        browser.click("#new-token", "Create");
        browser.await("the token is told", "document.querySelector('#told')");
        assertEquals("a token", List.of(), accessibility.violations());
        OpenConsole.show(browser, "audit");
        browser.click("main", "Verify");
        browser.awaitText("entries are as they were written.");
        assertEquals("a verification", List.of(), accessibility.violations());
    }

    @Test
    public void soAreThePartitionsOfAHostAndTheConsoleOfOne() throws Exception {
        logIn();
        for (String tab : List.of("Partitions", "Console")) {
            showOfXen(tab);
            assertEquals(tab, List.of(), new Accessibility(browser).violations());
            browser.screenshot(SCREENSHOTS.resolve("dark-xen-" + tab.toLowerCase(Locale.ROOT) + ".png"));
            if (tab.equals("Console")) {
                opensItsTerminalOnce();
            }
            browser.eval("document.querySelector('#of-xen').remove()");
        }
    }

    /** However often one clicks. What was written before makes room for it. */
    private void opensItsTerminalOnce() throws Exception {
        browser.eval(
                "[...document.querySelectorAll('#of-xen button')].forEach(each => { each.click(); each.click(); })");
        browser.await("it is drawn", "document.querySelector('.xterm-accessibility')?.innerText.includes('login:')");
        assertEquals(1, browser.eval("window.opened").asInt());
        assertEquals(
                "what was written is away",
                0,
                browser.eval("document.querySelector('#written').offsetHeight").asInt());
        assertEquals("a terminal", List.of(), new Accessibility(browser).violations());
        browser.eval("window.end()");
        browser.await(
                "it is offered again, with what it said last",
                "document.querySelector('#of-xen pre.log:not(#written)')?.innerText === 'login:'"
                        + " && document.querySelector('#of-xen button')");
    }

    /** A tab of the plug-in, of a host that there is not: what it asks of REST is answered here. */
    private void showOfXen(String tab) throws Exception {
        browser.eval("(async () => {"
                + "const parts = await (await fetch('/console/parts.json')).json();"
                + "const answers = {"
                + "  capacity: {cpus: 4, cpuMhz: 2400, memoryMb: 8192, memoryReservedMb: 1024, memoryFreeMb: 6900, overheadMb: 12},"
                + "  console: {text: 'Debian GNU/Linux 12 hvc0'},"
                + "  partitions: {items: ['running', 'stopped', 'error'].map((state, i) => ({id: i, name: `xen-00163e00000${i}`, state,"
                + "    reason: '', mac: `00:16:3e:00:00:0${i}`, cpus: 1, cpuMhz: 700, memoryMb: 256, pinnedCpus: '0-1'}))}};"
                + "window.opened = 0;"
                + "const written = {from: 0, data: btoa('login: '), next: 7, ended: false};"
                + "const atTerminals = {"
                + "  terminals: () => { window.opened += 1; return {id: 5, resource: 1}; },"
                + "  output: (query) => (query === 'from=0' ? written"
                + "    : new Promise((done) => { window.end = () => done({from: 7, data: '', next: 7, ended: true}); }))};"
                + "const real = window.fetch;"
                + "window.fetch = async (path, ...more) => {"
                + "  const terminal = atTerminals[String(path).split('?')[0].split('/').at(-1)];"
                + "  if (terminal) return new Response(JSON.stringify(await terminal(String(path).split('?')[1])));"
                + "  const answer = answers[String(path).split('?')[0].split('/').at(-1)];"
                + "  return answer ? Promise.resolve(new Response(JSON.stringify(answer))) : real(path, ...more); };"
                + "const code = await import('/console/' + parts.find(each => each.title === '" + tab + "').module);"
                + "const element = document.createElement('div');"
                + "element.id = 'of-xen';"
                + "document.querySelector('main').append(element);"
                + "await code.render(element, {subject: {id: 1, name: 'host'}, again() {}});"
                + "})()");
        browser.await("it is filled", "document.querySelector('#of-xen form, #of-xen pre + * button')");
        browser.eval("document.querySelector('#of-xen').scrollIntoView()");
    }

    @Test
    public void theKeyboardReachesAndLeavesDialogs() throws Exception {
        logIn();
        OpenConsole.show(browser, "environments");
        browser.eval("document.activeElement.blur()");
        tabTo("To the content");
        browser.press("Enter");
        browser.await("it is there, on the same page", "document.activeElement.id === 'content'");
        assertEquals("#/environments", browser.eval("location.hash").asText());

        tabTo("New virtual environment…");
        browser.press("Enter");
        browser.await("the first field has the focus", "document.activeElement.id === 'name'");
        for (int i = 0; i < 20; i++) {
            browser.press("Tab");
            assertTrue(
                    "nothing behind the dialog gets the focus",
                    browser.eval("document.activeElement === document.body"
                                    + " || document.querySelector('dialog').contains(document.activeElement)")
                            .asBoolean());
        }
        browser.press("Escape");
        browser.await("it is closed", "!document.querySelector('dialog')");
        browser.await(
                "one is where one was", "document.activeElement.innerText?.trim() === 'New virtual environment…'");

        OpenConsole.show(browser, "environments/shown");
        tabTo("Delete");
        browser.press("Enter");
        browser.await("what does no harm has the focus", "document.activeElement.innerText === 'Cancel'");
        browser.press("Enter");
        browser.await("it is closed", "!document.querySelector('dialog')");
        rest.get("/virtual-environments/shown");
    }

    private void tabTo(String text) throws Exception {
        for (int i = 0; i < 60; i++) {
            browser.press("Tab");
            if (browser.eval("document.activeElement.innerText?.trim()")
                    .asText()
                    .equals(text)) {
                return;
            }
        }
        throw new AssertionError("the key Tab does not lead to " + text);
    }

    @Test
    public void everyPageFitsAPhone() throws Exception {
        browser.resize(375, 812);
        assertFits("log in");
        logIn();
        for (String page : PAGES) {
            OpenConsole.show(browser, page);
            assertFits(page);
            browser.screenshot(SCREENSHOTS.resolve("phone-" + fileName(page)));
        }
        showOfXen("Partitions");
        assertFits("partitions");
        browser.screenshot(SCREENSHOTS.resolve("phone-xen-partitions.png"));
        browser.click("header", "Menu");
        browser.await("the menu is open", "document.querySelector('#menu').getBoundingClientRect().height > 300");
        assertFits("menu");
        browser.screenshot(SCREENSHOTS.resolve("phone-menu.png"));
        browser.click("#menu", "Images");
        browser.await("it is closed", "document.querySelector('#menu').getBoundingClientRect().height === 0");
        OpenConsole.show(browser, "images/storage");
        browser.click("main", "New storage server…");
        browser.await("the form", "document.querySelector('dialog')");
        assertFits("a form");
        browser.screenshot(SCREENSHOTS.resolve("phone-form.png"));
    }

    /** Nothing to scroll to at the side, neither on the page nor in its tables. */
    private void assertFits(String page) throws Exception {
        assertEquals(
                page + " is wider than the screen",
                "[]",
                browser.eval(
                                "JSON.stringify([document.scrollingElement, ...document.querySelectorAll('.table-responsive, dialog')]"
                                        + ".filter(each => each.scrollWidth > (each.clientWidth || innerWidth))"
                                        + ".map(each => each.tagName + ' ' + each.scrollWidth))")
                        .asText());
        assertTrue(
                page,
                browser.eval("document.scrollingElement.scrollWidth <= innerWidth")
                        .asBoolean());
    }

    private static String fileName(String page) {
        return (page.isEmpty() ? "overview" : page.replaceAll("[^a-z0-9]+", "-")) + ".png";
    }

    private void logIn() throws Exception {
        OpenConsole.logIn(browser, "admin", PASSWORD);
        browser.awaitText("idle machines");
    }
}
