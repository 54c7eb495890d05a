package org.qrm.itests;

import static org.junit.Assert.assertFalse;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** Who is told of events is decided, tested and seen by clicks. */
public class ConsoleSubscriptionsIT {

    private static final String PASSWORD = "told-by-clicks";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final ServerProcess server = new ServerProcess();
    private final OpenConsole console = new OpenConsole(server);

    @Rule
    public final RuleChain both = RuleChain.outerRule(server).around(console);

    private HttpServer receiver;
    private volatile int answer = 204;

    @Before
    public void listen() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(answer, -1);
            }
        });
        receiver.start();
    }

    @After
    public void stop() {
        receiver.stop(0);
    }

    @Test
    public void subscriptionsAreKeptByClicks() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        Browser browser = console.browser();
        OpenConsole.logIn(browser, "admin", PASSWORD);
        OpenConsole.show(browser, "subscriptions");
        browser.awaitText("There is none yet.");
        browser.click("main", "New subscription…");
        browser.fill("#name", "chat");
        browser.fill("#target", "http://chat.example.org/hook");
        browser.fill("#secret", "hunter2");
        browser.click("dialog", "Create");
        browser.await("what is no secret", OpenConsole.wrong("secret", "whsec_"));
        browser.fill("#secret", SECRET);
        browser.click("dialog", "Create");
        browser.await("plain HTTP is refused", OpenConsole.wrong("target", "plain HTTP"));
        OpenConsole.inBothColours(browser, "subscription-form");
        browser.fill("#target", "smtp://mail.example.org");
        browser.await("mail asks for its addresses", "document.querySelector('#recipients')");
        OpenConsole.inBothColours(browser, "subscription-mail-form");
        browser.fill("#target", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
        browser.fill("#type", "storage-server.");
        browser.fill("#atLeast", "info");
        browser.click("dialog", "Create");
        browser.await("it is there", "document.querySelector('" + OpenConsole.row("chat") + "')");
        browser.click(OpenConsole.row("chat"), "test");
        browser.awaitText("it took it, and answered 204");

        answer = 500;
        RestClient rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        rest.make("/storage-servers", "{\"name\":\"nas\",\"address\":\"10.0.0.5\",\"exportRoot\":\"/export\"}");
        browser.awaitText("it answered 500, ");
        browser.click(OpenConsole.row("chat"), "test");
        browser.awaitText("Test: it answered 500.");
        OpenConsole.inBothColours(browser, "subscriptions");
        answer = 204;
        browser.click(OpenConsole.row("chat"), "change…");
        browser.fill("#type", "");
        browser.click("dialog", "Change");
        browser.await(
                "its receiver has taken what waited",
                "document.querySelector('" + OpenConsole.row("chat") + " .badge')?.innerText === 'active'"
                        + " && document.querySelector('" + OpenConsole.row("chat")
                        + " [data-title=Behind]').innerText === '0'");
        browser.click(OpenConsole.row("chat"), "remove secret…");
        browser.click("dialog", "Remove");
        browser.await(
                "nothing is signed",
                "document.querySelector('" + OpenConsole.row("chat") + " [data-title=Secret]').innerText === 'none'");
        assertFalse(rest.get("/subscriptions/chat").path("hasSecret").asBoolean());
        browser.click(OpenConsole.row("chat"), "delete…");
        browser.click("dialog", "Delete");
        browser.awaitText("There is none yet.");
    }
}
