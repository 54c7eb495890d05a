package org.qrm.itests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What a user does on the pages of the console, by clicks; each step is seen done on the page before the next. */
public final class ConsolePages {

    private final Browser browser;
    private final Path screenshots;
    private final Duration limit;

    /**
     * Drives the page of a browser.
     *
     * @param screenshots the folder for pictures of it
     * @param limit for work of the server that the page waits for
     */
    public ConsolePages(Browser browser, Path screenshots, Duration limit) {
        this.browser = browser;
        this.screenshots = screenshots;
        this.limit = limit;
    }

    public void logIn(String address, String user, String password) throws Exception {
        browser.open(address);
        logIn(browser, user, password);
        browser.awaitText("idle machines");
    }

    static void logIn(Browser browser, String user, String password) throws Exception {
        browser.fill("#user", user);
        browser.fill("#password", password);
        browser.click("form", "Log in");
    }

    /** What chooses the row of that name. */
    static String row(String name) {
        return "tbody tr[data-name=\"" + name + "\"]";
    }

    /** Another page, by its address. */
    public void show(String page) throws Exception {
        browser.eval("location.hash = '#/" + page + "'");
        String last = page.substring(page.indexOf('/') + 1);
        boolean ofOne = page.startsWith("environments/") || page.startsWith("plugins/");
        browser.await(
                "the page " + page,
                ofOne
                        ? "document.querySelector('h1')?.innerText?.startsWith('" + last + "')"
                        : "document.querySelector('h1') && !document.querySelector('main').innerText.includes('Loading')");
    }

    /** Keeps a picture of the page, from its head on. */
    public void picture(String name) throws Exception {
        picture(name, "nav");
    }

    /** Keeps a picture of the page, from what a selector chooses on. */
    public void picture(String name, String from) throws Exception {
        browser.eval("document.querySelector('" + from + "').scrollIntoView()");
        browser.screenshot(screenshots.resolve(name + ".png"));
    }

    /** From the list of plug-ins to one of them, which is made known. */
    public void register(String plugin) throws Exception {
        browser.click("nav", "Plug-ins");
        browser.await("the plug-in", "document.querySelector('h1')?.innerText === 'Plug-ins'");
        browser.click("tbody", plugin);
        browser.click("main", "register");
        browser.await("its questions", "document.querySelector('#wizard input')");
    }

    /** Answers the wizard that is shown, and sends the answers. */
    public void answer(Map<String, String> answers) throws Exception {
        for (Map.Entry<String, String> each : answers.entrySet()) {
            browser.fill("#" + each.getKey(), each.getValue());
        }
        browser.click("#wizard", "Accept");
    }

    /** The same, with answers that are right. */
    public void configure(String plugin, Map<String, String> answers) throws Exception {
        answer(answers);
        browser.awaitText("The answers for " + plugin + " are accepted.");
        awaitState("configured");
    }

    /** A step of the life cycle of the plug-in that is shown. */
    public void step(String step, String state) throws Exception {
        browser.click("[aria-label='Life cycle']", step);
        awaitState(state);
    }

    /**
     * Uninstalls the plug-in that is shown.
     *
     * @param named what the question must name
     */
    public void uninstall(String plugin, String... named) throws Exception {
        show("plugins/" + plugin);
        browser.click("[aria-label='Life cycle']", "uninstall");
        for (String each : named) {
            browser.await("it names " + each, "document.querySelector('dialog')?.innerText?.includes('" + each + "')");
        }
        picture("uninstall");
        browser.click("dialog", "Uninstall");
        awaitState("available");
        picture("uninstalled");
    }

    /** Until the page that is shown says that what it is about is in that state. */
    public void awaitState(String state) throws Exception {
        browser.await(
                "it is seen " + state,
                limit,
                "document.querySelector('h1 .badge')?.innerText?.trim() === '" + state + "'");
    }

    public void checkStorageServer(String name, String found) throws Exception {
        show("images/storage");
        browser.click(row(name), "check");
        browser.awaitText(found);
        picture("storage-server");
    }

    /** @param more names of further fields, each followed by its value */
    public void fillImage(String name, String server, String source, String... more) throws Exception {
        show("images/filesystem");
        browser.click("main", "New filesystem image…");
        fill("name", name, "storageServer", server, "source", source);
        fill(more);
        browser.click("dialog", "Create");
        browser.awaitText("Filling the image");
        browser.await("its row", "document.querySelector('" + row(name) + "')");
    }

    public void awaitImage(String name) throws Exception {
        browser.await(
                "image " + name + " is ready",
                limit,
                "document.querySelector('" + row(name) + " .badge')?.innerText === 'ready'");
    }

    public void deleteImage(String name, String named) throws Exception {
        show("images/filesystem");
        browser.click(row(name), "delete…");
        browser.await("it names what goes", "document.querySelector('dialog')?.innerText?.includes('" + named + "')");
        browser.click("dialog", "Delete");
        browser.await("it is gone", limit, "!document.querySelector('" + row(name) + "')");
    }

    /** @param more names of further fields, each followed by its value */
    public void describe(String name, String image, String mode, String... more) throws Exception {
        show("environments");
        browser.click("main", "New virtual environment…");
        fill("name", name, "filesystemImage", image, "mode", mode);
        fill(more);
        browser.click("#new-environment", "Create");
        browser.awaitText("Virtual environment " + name + " is created.");
    }

    private void fill(String... fields) throws Exception {
        for (int i = 0; i < fields.length; i += 2) {
            browser.fill("#" + fields[i], fields[i + 1]);
        }
    }

    public void start(String environment) throws Exception {
        show("environments/" + environment);
        browser.click("main", "start");
        browser.await("it has begun", "!document.querySelector('h1').innerText.includes('inactive')");
    }

    public void stop(String environment) throws Exception {
        show("environments/" + environment);
        browser.click("main", "stop");
        browser.click("dialog", "Stop");
        awaitState("inactive");
    }

    public void delete(String environment) throws Exception {
        show("environments/" + environment);
        browser.click("main", "Delete");
        browser.click("dialog", "Delete");
        browser.await("the list is back", "location.hash === '#/environments'");
    }
}
