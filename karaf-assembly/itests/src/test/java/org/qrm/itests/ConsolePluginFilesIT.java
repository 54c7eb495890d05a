package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.qrm.itests.OpenConsole.SCREENSHOTS;
import static org.qrm.itests.OpenConsole.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.itests.brought.AskingPlugin;
import org.qrm.itests.brought.BroughtPlugin;
import org.qrm.itests.brought.FailingStart;

/** A plug-in's whole life in a browser, from its file to the removal. */
public class ConsolePluginFilesIT {

    private static final String PASSWORD = "a-password-for-tests";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Browser browser;

    @BeforeClass
    public static void start() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
    }

    @Before
    public void open() throws Exception {
        browser = console.browser();
        OpenConsole.logIn(browser, "admin", PASSWORD);
        OpenConsole.show(browser, "plugins");
    }

    @Test
    public void aPluginIsInstalledFromAFileUsedAndRemoved() throws Exception {
        Browser other = console.browser();
        OpenConsole.logIn(other, "admin", PASSWORD);
        OpenConsole.show(other, "plugins");
        other.eval("window.since = 'the beginning'");

        browser.click("main", "Install from file…");
        Path broken = jar("broken.jar", PluginJar.of(FailingStart.class));
        browser.choose("#file", broken);
        browser.click("#plugin-file-form", "Install");
        browser.await(
                "nobody vouches for it",
                "document.querySelector('#sha256-wrong')?.innerText?.includes('" + sha256(broken) + "')");
        browser.screenshot(SCREENSHOTS.resolve("plugin-file-unvouched.png"));
        browser.fill("#sha256", sha256(broken));
        browser.click("#plugin-file-form", "Install");
        browser.await("it says why", "document.querySelector('dialog')?.innerText?.includes('no licence for it')");
        browser.screenshot(SCREENSHOTS.resolve("plugin-file-refused.png"));
        Path brought = jar("brought.jar", PluginJar.of(BroughtPlugin.class));
        String digest = sha256(brought);
        browser.choose("#file", brought);
        browser.fill("#sha256", "0".repeat(64));
        browser.click("#plugin-file-form", "Install");
        browser.await(
                "it is another file",
                "document.querySelector('dialog')?.innerText?.includes('SHA-256 is " + digest + "')");
        browser.screenshot(SCREENSHOTS.resolve("plugin-file-digest.png"));
        browser.fill("#sha256", digest);
        browser.click("#plugin-file-form", "Install");
        browser.await("its page", "location.hash === '#/plugins/brought'");
        other.await("the other sees it, too", "document.querySelector('main').innerText.includes('Comes from a file')");
        assertEquals("the beginning", other.eval("window.since").asText());

        browser.click("main", "register");
        browser.await("it is registered", "document.querySelector('h1')?.innerText?.includes('registered')");
        OpenConsole.show(browser, "plugins");
        browser.screenshot(SCREENSHOTS.resolve("plugin-files.png"));
        assertEquals(List.of(), new Accessibility(browser).violations());
        browser.click(row("brought.jar"), "remove…");
        browser.await(
                "it names what is in use", "document.querySelector('dialog')?.innerText?.includes('Not uninstalled')");
        browser.screenshot(SCREENSHOTS.resolve("plugin-file-remove.png"));
        browser.click("dialog", "Remove");
        browser.awaitText("Uninstall brought first.");

        OpenConsole.show(browser, "plugins/brought");
        browser.click("main", "uninstall");
        browser.click("dialog", "Uninstall");
        browser.await("it is available", "document.querySelector('h1')?.innerText?.includes('available')");
        OpenConsole.show(browser, "plugins");
        browser.click(row("brought.jar"), "remove…");
        browser.click("dialog", "Remove");
        browser.await("it is gone", "!document.querySelector('" + row("brought.jar") + "')");
        other.await("the other misses it", "!document.querySelector('main').innerText.includes('Comes from a file')");
        assertFalse(Files.exists(SERVER.data().resolve("deploy").resolve("brought.jar")));
    }

    @Test
    public void anUpdateThatAsksSomethingNewNeedsConfiguration() throws Exception {
        install("1.0", "gateway,mask");
        browser.await("its page", "location.hash === '#/plugins/asking'");
        browser.click("main", "register");
        browser.await("it asks", "document.querySelector('#gateway')");
        browser.fill("#gateway", "192.168.1.1");
        browser.fill("#mask", "255.255.255.0");
        browser.click("#wizard", "Accept");
        browser.await("it is configured", "document.querySelector('h1')?.innerText?.includes('configured')");
        browser.click("main", "install");
        browser.await("it is installed", "document.querySelector('h1')?.innerText?.includes('installed')");

        OpenConsole.show(browser, "plugins");
        install("2.0", "gateway,mask,vlan");
        browser.await("its page", "location.hash === '#/plugins/asking'");
        browser.await("what it lacks", "document.querySelector('h1')?.innerText?.includes('needs configuration')");
        browser.awaitText("answer vlan below");
        browser.await(
                "the question is marked",
                "document.querySelector('label[for=vlan]').innerText.includes('not answered yet')"
                        + " && !document.querySelector('label[for=mask]').innerText.includes('not answered yet')");
        assertFalse(
                "what would be refused is not offered",
                browser.eval("[...document.querySelectorAll('[aria-label=\"Life cycle\"] button')].some("
                                + "each => /install|run-once/.test(each.innerText) && each.innerText !== 'uninstall')")
                        .asBoolean());
        OpenConsole.inBothColours(browser, "plugin-needs-configuration");
        OpenConsole.show(browser, "plugins");
        browser.await(
                "the list says it",
                "[...document.querySelectorAll('main tr')].some(each => /^asking\\b/.test(each.innerText.trim())"
                        + " && each.innerText.includes('needs configuration'))");
        browser.screenshot(SCREENSHOTS.resolve("plugins-needs-configuration.png"));

        OpenConsole.show(browser, "plugins/asking");
        browser.click("#wizard", "Accept");
        browser.await("what is wrong", "document.querySelector('#vlan.is-invalid')");
        browser.screenshot(SCREENSHOTS.resolve("plugin-needs-configuration-refused.png"));
        browser.fill("#vlan", "7");
        browser.click("#wizard", "Accept");
        browser.await("it is over", "!document.querySelector('h1')?.innerText?.includes('needs configuration')");
        browser.click("main", "run-once");
        browser.await("it is active", "document.querySelector('h1')?.innerText?.includes('active')");
    }

    private void install(String version, String questions) throws Exception {
        browser.click("main", "Install from file…");
        PluginJar jar =
                PluginJar.of(AskingPlugin.class).with("Bundle-Version", version).with("Test-Questions", questions);
        Path made = Files.createDirectories(folder.getRoot().toPath().resolve(version))
                .resolve("asking.jar");
        browser.choose("#file", Files.write(made, jar.bytes()));
        browser.fill("#sha256", sha256(made));
        browser.click("#plugin-file-form", "Install");
    }

    private static String sha256(Path file) throws IOException {
        return RestClient.sha256(Files.readAllBytes(file));
    }

    private Path jar(String name, PluginJar jar) throws Exception {
        return Files.write(folder.newFile(name).toPath(), jar.bytes());
    }
}
