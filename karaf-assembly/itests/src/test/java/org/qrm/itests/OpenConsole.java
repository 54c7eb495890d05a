package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Assume;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** The web console of a server, in browsers that are closed after the test. */
final class OpenConsole extends ExternalResource {

    static final Path SCREENSHOTS = Path.of(System.getProperty("screenshots"));

    private final ServerProcess server;
    private final TemporaryFolder folder = new TemporaryFolder();
    private final List<Browser> browsers = new ArrayList<>();

    OpenConsole(ServerProcess server) {
        this.server = server;
    }

    @Override
    protected void before() throws Throwable {
        Assume.assumeTrue("there is no chromium (Debian: chromium)", Files.isExecutable(Path.of("/usr/bin/chromium")));
        folder.create();
    }

    @Override
    protected void after() {
        browsers.forEach(Browser::close);
        folder.delete();
    }

    /** One more, where nobody has logged in yet. */
    Browser browser() throws Exception {
        Browser browser = new Browser(folder, 1280, 900);
        browsers.add(browser);
        browser.open(address());
        return browser;
    }

    /** One more tab of a browser, at that page. */
    Browser tab(Browser browser, String page) throws Exception {
        Browser tab = browser.tab();
        tab.open(address() + "console/#/" + page);
        return tab;
    }

    private String address() {
        return "https://127.0.0.1:" + server.port("QRM_HTTPS_PORT") + "/";
    }

    /** A file that can be uploaded. */
    Path file(String name, int size) throws Exception {
        return Files.write(folder.newFile(name).toPath(), new byte[size]);
    }

    static void logIn(Browser browser, String user, String password) throws Exception {
        ConsolePages.logIn(browser, user, password);
    }

    /** Another page, by its address. */
    static void show(Browser browser, String page) throws Exception {
        browser.await("somebody is logged in", "document.querySelector('nav')");
        browser.eval("location.hash = '#/" + page + "'");
        browser.await(
                "the page " + page,
                "document.querySelector('main h1') && document.querySelector('main').ariaBusy === 'false'");
    }

    /** Pictures of what is shown, in light and in dark; nothing may be wrong with either. It stays dark. */
    static void inBothColours(Browser browser, String name) throws Exception {
        browser.eval("document.documentElement.dataset.bsTheme = 'light'");
        browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
        assertEquals(List.of(), new Accessibility(browser).violations());
        browser.screenshot(SCREENSHOTS.resolve("dark-" + name + ".png"));
    }

    /** What chooses the row of that name. */
    static String row(String name) {
        return ConsolePages.row(name);
    }

    /** Whether something is said to be wrong with a field, and what. */
    static String wrong(String field, String why) {
        return "document.querySelector('#" + field + "-wrong')?.innerText?.includes('" + why + "')";
    }
}
