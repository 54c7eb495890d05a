package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.brought.FatalPlugin;

/** A plug-in that ends the server does so a few times, and not for ever. */
public class FatalPluginIT {

    private static final String PASSWORD = "a-password-for-tests";
    private static final String FILE = "/plugin-files/fatal.jar";
    private static final String ACTIONS = "/plugins/fatal/actions";

    @Rule
    public final ServerProcess server = new ServerProcess();

    private RestClient rest;

    @Before
    public void register() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        assertEquals(
                200, rest.upload(FILE, PluginJar.of(FatalPlugin.class).bytes()).statusCode());
        rest.make(ACTIONS, "{\"action\":\"register\"}");
    }

    @Test
    public void whatEndedTheServerTwiceIsNotCalledAgain() throws Exception {
        ProcessHandle first = process();
        try {
            rest.make(ACTIONS, "{\"action\":\"install\"}");
        } catch (IOException gone) {
            // before it could answer
        }
        awaitEnd(first);
        server.run("start"); // it is ready before that, or it is not
        awaitEnd(process());
        server.start();
        JsonNode operation = rest.await(
                        "it has failed",
                        "/operations?kind=plugin.install",
                        list -> list.at("/items/0/state").asText().equals("failed"))
                .at("/items/0");
        String reason = operation.get("reason").asText();
        assertTrue(reason, reason.contains("plug-in fatal"));
        assertTrue(reason, reason.contains("the server ended 2 times"));
        assertEquals("registered", rest.get("/plugins/fatal").path("state").asText());
        rest.make(ACTIONS + "?wait=20", "{\"action\":\"uninstall\"}");
        assertEquals("available", rest.get("/plugins/fatal").path("state").asText());
        assertEquals(204, rest.delete(FILE).statusCode());
    }

    @Test
    public void aServerThatItKeepsFromStartingStartsWithoutPlugins() throws Exception {
        Files.createFile(server.data().resolve("fatal-start"));
        server.run("stop");
        assertNotEquals(0, server.run("start").status());

        startWithoutPlugins();
        assertEquals(
                "the server was started without plug-ins",
                rest.get(FILE).path("reason").asText());
        assertFalse(rest.get("/plugins/fatal").path("present").asBoolean());
        server.run("stop");

        // an upgrade, or whatever else empties the cache, may come between
        Files.writeString(server.data().resolve("karaf/build"), "another");
        startWithoutPlugins();
        assertEquals(204, rest.delete(FILE).statusCode());
        JsonNode end = rest.make(ACTIONS + "?wait=20", "{\"action\":\"uninstall\",\"force\":true}");
        assertEquals(end.toString(), "done", end.path("state").asText());
        ServerProcess.Outcome restarted = server.run("restart");
        assertEquals(restarted.output(), 0, restarted.status());
        assertFalse(rest.get("/plugins").toString().contains("fatal"));
        rest.await(
                "the others are back",
                "/plugins/xen",
                xen -> xen.path("present").asBoolean());
        String health = server.get("http", "/readyz").body();
        assertFalse(health, health.contains("WARN"));
    }

    private void startWithoutPlugins() throws Exception {
        ServerProcess.Outcome started = server.run("start", "--without-plugins");
        assertEquals(started.output(), 0, started.status());
        assertTrue(started.output(), started.output().contains("It runs without plug-ins"));
        String health = server.get("http", "/readyz").body();
        assertTrue(health, health.contains("without-plugins WARN"));
        assertTrue(health, health.contains("boot OK"));
        for (JsonNode plugin : rest.get("/plugins").get("items")) {
            assertFalse(plugin.toString(), plugin.get("present").asBoolean());
        }
    }

    private ProcessHandle process() throws IOException {
        return ProcessHandle.of(server.pid()).orElse(null);
    }

    private static void awaitEnd(ProcessHandle process) throws Exception {
        if (process != null) {
            process.onExit().get(2, TimeUnit.MINUTES);
        }
    }
}
