package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.SshException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** The password that the server made, at every door of a real server. */
public class FirstPasswordIT {

    private static final int REFUSED = 6;

    private final ServerProcess server = new ServerProcess();
    private final OpenConsole web = new OpenConsole(server);

    @Rule
    public final RuleChain both = RuleChain.outerRule(server).around(web);

    @Test
    public void opensNothingUntilItIsChanged() throws Exception {
        String started = server.run("start").output();
        assertTrue(started, started.contains("qrm user password admin"));
        String made =
                Files.readString(server.data().resolve("initial-password")).trim();
        ServerProcess.Outcome refused = server.qrm("", "user", "list");
        assertEquals(refused.output(), REFUSED, refused.status());
        assertTrue(refused.output(), refused.output().contains("qrm user password admin"));
        assertThrows(SshException.class, () -> console(made));
        assertEquals(2, server.qrm(made + "\n", "user", "password", "admin").status());
        ServerProcess.Outcome changed = server.qrm("words of my own\n", "user", "password", "admin");
        assertEquals(changed.output(), 0, changed.status());
        assertFalse(Files.exists(server.data().resolve("initial-password")));
        assertEquals("there", console("words of my own").trim());
        assertThrows(SshException.class, () -> console(made));
    }

    @Test
    public void theWebConsoleAsksForAnotherBeforeAnythingElse() throws Exception {
        server.start();
        String made =
                Files.readString(server.data().resolve("initial-password")).trim();
        Browser browser = web.browser();
        OpenConsole.logIn(browser, "admin", made);
        browser.awaitText("Choose a password");
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("first-password.png"));
        assertEquals(List.of(), new Accessibility(browser).violations());
        browser.fill("#present", made);
        browser.fill("#chosen", "words of my own");
        browser.fill("#again", "words of another");
        browser.click("form", "Change and go on");
        browser.awaitText("differ");
        browser.fill("#again", "words of my own");
        browser.click("form", "Change and go on");
        browser.awaitText("idle machines");
        assertEquals("there", console("words of my own").trim());
    }

    @Test
    public void aPasswordThatWasGivenIsInNoEnvironment() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", "a given password\\ $x").start();
        String environment =
                Files.readString(Path.of("/proc/" + server.pid() + "/environ"), StandardCharsets.ISO_8859_1);
        assertTrue("it is the server's", environment.contains("QRM_DATA="));
        assertFalse(environment, environment.contains("QRM_ADMIN_PASSWORD"));
        String arguments = Files.readString(Path.of("/proc/" + server.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        assertFalse(arguments, arguments.contains("given"));
        assertEquals("there", console("a given password\\ $x").trim());
    }

    private String console(String password) throws Exception {
        return SshConsole.run(server.port("QRM_SSH_PORT"), "admin", password, "shell:echo there");
    }
}
