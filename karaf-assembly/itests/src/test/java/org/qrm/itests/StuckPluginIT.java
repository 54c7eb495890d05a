package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.brought.BroughtPlugin;
import org.qrm.itests.hurt.BlockedClass;
import org.qrm.itests.hurt.HurtActivator;
import org.qrm.itests.hurt.HurtPlugin;

/** A plug-in that blocks, wherever code of its bundle runs, hurts itself alone: others come, go and work, and the server stops and starts. */
public class StuckPluginIT {

    private static final String PASSWORD = "a-password-for-tests";
    private static final String PLUGIN = "<service><provide interface=\"org.qrm.api.plugin.Plugin\"/></service>";

    @Rule
    public final ServerProcess server = new ServerProcess();

    private RestClient rest;
    private int others;

    @Before
    public void start() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
    }

    /** Names of files, with what is said of each; empty for one that comes up. */
    private static Map<String, String> ways() {
        Map<String, String> ways = new TreeMap<>();
        for (String way : new String[] {"sleeps", "is-deaf", "waits-for-a-lock", "initialises"}) {
            ways.put("start-" + way, "its start has not returned");
        }
        ways.put("start-throws", "no licence for it");
        for (String way : new String[] {"sleeps", "is-deaf", "throws"}) {
            ways.put("stop-" + way, "");
        }
        for (String method : new String[] {"constructor", "activation"}) {
            ways.put("service-" + method, "");
            ways.put("immediate-" + method, "has not returned");
        }
        ways.put("initialiser", "has not returned");
        return ways;
    }

    private static byte[] jar(String name) throws Exception {
        String[] words = name.split("-", 2);
        String what = words.length > 1 ? words[1].replace('-', ' ') : "";
        String bundle = "org.example." + name.replace('-', '.');
        return switch (words[0]) {
            case "start", "stop" ->
                PluginJar.of(HurtActivator.class)
                        .having(BlockedClass.class)
                        .with("Bundle-SymbolicName", bundle)
                        .with("Test-Plugin", name)
                        .with("Test-S" + words[0].substring(1), what)
                        .bytes();
            case "initialiser" ->
                PluginJar.component(bundle, BlockedClass.class, "", "")
                        .having(HurtActivator.class)
                        .with("Import-Package", "org.osgi.framework,org.qrm.api.plugin,org.qrm.api.operation")
                        .bytes();
            default ->
                PluginJar.component(
                                bundle,
                                HurtPlugin.class,
                                "",
                                "<property name=\"plugin\" value=\"" + name + "\"/><property name=\"" + what
                                        + "\" value=\"blocks\"/>" + (words[0].equals("service") ? PLUGIN : ""))
                        .bytes();
        };
    }

    @Test
    public void eachHurtsItselfAlone() throws Exception {
        for (String way : ways().keySet()) {
            drop(way + ".jar", jar(way));
        }
        drop("by-hand.jar", other("by-hand"));
        rest.await(
                "another file is taken up",
                "/plugins",
                plugins -> plugins.toString().contains("\"by-hand\""));
        allIsSaid();
        theOthersGoOn();

        stopsInTime();
        server.start();
        theOthersGoOn();
        allIsSaid();
        assertTrue(rest.get("/plugins/by-hand").path("present").asBoolean());

        for (String way : ways().keySet()) {
            Files.delete(deployed(way + ".jar"));
        }
        drop("later.jar", other("later"));
        rest.await(
                "another comes when they have had their time to go",
                "/plugins",
                plugins -> plugins.toString().contains("\"later\""));
        stopsInTime();
        server.start();
        theOthersGoOn();
        String bundles =
                SshConsole.run(server.port("QRM_SSH_PORT"), "admin", PASSWORD, "bundle:list -t 0 -s --no-format");
        assertFalse(bundles, bundles.contains("org.example.start") || bundles.contains("org.example.stop"));
        assertFalse(rest.get("/plugin-files").toString().contains("start-"));
    }

    private void allIsSaid() throws Exception {
        for (Map.Entry<String, String> way : ways().entrySet()) {
            rest.await(
                    way.getKey() + ": " + way.getValue(),
                    "/plugin-files/" + way.getKey() + ".jar",
                    file -> way.getValue().isEmpty()
                            ? !file.path("state").asText().equals("stopped")
                            : file.path("reason").asText().contains(way.getValue())
                                    && !file.path("state").asText().equals("active"));
        }
    }

    /** It may have to be killed: some of them hear nothing. */
    private void stopsInTime() throws Exception {
        ServerProcess.Outcome stop = server.set("QRM_STOP_SECONDS", "15").run("stop");
        assertEquals(stop.output(), 0, stop.status());
    }

    /** Pages answer, and another plug-in comes, is updated and goes. */
    private void theOthersGoOn() throws Exception {
        assertEquals(200, server.get("http", "/readyz").statusCode());
        assertEquals(200, server.get("https", "/console/").statusCode());
        for (int version = 1; version <= 2; version++) {
            HttpResponse<String> answer = rest.upload("/plugin-files/other.jar", other("other"));
            assertEquals(answer.body(), 200, answer.statusCode());
            assertEquals(
                    "active", rest.get("/plugin-files/other.jar").path("state").asText());
        }
        JsonNode plugin = rest.get("/plugins/other");
        assertTrue(plugin.toString(), plugin.path("present").asBoolean());
        assertEquals(204, rest.delete("/plugin-files/other.jar").statusCode());
    }

    private byte[] other(String name) throws Exception {
        return PluginJar.of(HurtActivator.class)
                .having(BlockedClass.class)
                .with("Bundle-SymbolicName", "org.example." + name)
                .with("Test-Plugin", name)
                .with("Bundle-Version", "1." + ++others)
                .bytes();
    }

    /** What is refused does not stay, and the same file is taken once it is mended, under the same name. */
    @Test
    public void whatIsUploadedIsRefusedAndTakenWhenItIsMended() throws Exception {
        for (String way : new String[] {"start-sleeps", "start-is-deaf", "immediate-activation"}) {
            HttpResponse<String> refused = rest.upload("/plugin-files/mine.jar", jar(way));
            assertEquals(refused.body(), 409, refused.statusCode());
            assertTrue(refused.body(), refused.body().contains("has not returned"));
            assertFalse(Files.exists(deployed("mine.jar")));
            HttpResponse<String> mended = rest.upload("/plugin-files/mine.jar", other("mine"));
            assertEquals(way + ": " + mended.body(), 200, mended.statusCode());
            HttpResponse<String> again = rest.upload("/plugin-files/mine.jar", other("mine"));
            assertEquals(way + ": " + again.body(), 200, again.statusCode());
            assertEquals(204, rest.delete("/plugin-files/mine.jar").statusCode());
        }
        assertEquals(
                200,
                rest.upload(
                                "/plugin-files/brought.jar",
                                PluginJar.of(BroughtPlugin.class).bytes())
                        .statusCode());
    }

    private Path deployed(String name) {
        return server.data().resolve("deploy").resolve(name);
    }

    private void drop(String name, byte[] jar) throws Exception {
        Files.move(Files.write(server.data().resolve("made.jar"), jar), deployed(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
