package org.qrm.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.itests.brought.BroughtPlugin;
import org.qrm.itests.brought.FailingStart;
import org.qrm.itests.brought.Witness;

/** Plug-ins are installed from files, updated and removed, and nothing else in the server is restarted by it. */
public class PluginFilesIT {

    private static final String PASSWORD = "a-password-for-tests";
    private static final String FILES = "/plugin-files";
    private static final String BROUGHT = FILES + "/brought.jar";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;

    @BeforeClass
    public static void watch() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        installed(FILES + "/witness.jar", PluginJar.of(Witness.class).bytes());
    }

    @After
    public void removeAndSeeThatNothingElseWasRestarted() throws Exception {
        if (plugins().stream().anyMatch(each -> each.contains("\"brought\"") && each.contains("\"registered\""))) {
            rest.make("/plugins/brought/actions?wait=20", "{\"action\":\"uninstall\"}");
        }
        if (Files.exists(deployed("brought.jar"))) {
            assertEquals(204, rest.delete(BROUGHT).statusCode());
        }
        assertEquals(
                List.of(),
                found("started|stopped|updated").filter(line -> !isOurs(line)).toList());
        Files.deleteIfExists(witness());
        try (Stream<Path> left = Files.list(SERVER.data().resolve("deploy-arriving"))) {
            assertEquals(List.of(), left.toList());
        }
        try (Stream<String> log = Files.lines(SERVER.data().resolve("log/qrm.log"))) {
            assertEquals(
                    List.of(), log.filter(line -> line.contains("| ERROR |")).toList());
        }
    }

    private static List<String> plugins() throws Exception {
        List<String> found = new ArrayList<>();
        rest.get("/plugins").get("items").forEach(each -> found.add(each.toString()));
        return found;
    }

    @Test
    public void aPluginComesFromAFileIsUpdatedAndGoes() throws Exception {
        JsonNode file = installed(BROUGHT, brought("1.0.0"));
        assertEquals("active", file.path("state").asText());
        assertEquals("brought", file.path("plugins").path(0).asText());
        JsonNode plugin = rest.get("/plugins/brought");
        assertEquals("available", plugin.path("state").asText());
        assertEquals("1.0.0", plugin.path("version").asText());

        rest.make("/plugins/brought/actions?wait=20", "{\"action\":\"register\"}");
        HttpResponse<String> refused = rest.delete(BROUGHT);
        assertEquals(refused.body(), 409, refused.statusCode());
        assertContains("Uninstall brought first", refused.body());

        assertEquals(
                "1.1.0", installed(BROUGHT, brought("1.1.0")).path("version").asText());
        plugin = rest.get("/plugins/brought");
        assertEquals("registered", plugin.path("state").asText());
        assertEquals("1.1.0", plugin.path("version").asText());
        assertFound(1, "updated", "");
        assertFound(2, "started", "BroughtPlugin");

        rest.make("/plugins/brought/actions?wait=20", "{\"action\":\"uninstall\"}");
        assertEquals(204, rest.delete(BROUGHT).statusCode());
        assertFalse(rest.get("/plugins").toString().contains("brought"));
        assertFalse(bundles().contains(BroughtPlugin.class.getName()));
    }

    @Test
    public void whatCannotBeResolvedNeverGetsIntoTheFolder() throws Exception {
        byte[] jar = PluginJar.of(BroughtPlugin.class)
                .with("Import-Package", "org.osgi.framework,org.example.nowhere;version=\"[2,3)\"")
                .bytes();
        refused(409, "org.example.nowhere", rest.upload(BROUGHT, jar));
        assertFalse(Files.exists(deployed("brought.jar")));
        assertFalse(bundles().contains(BroughtPlugin.class.getName()));

        byte[] good = brought("1.0.0");
        installed(BROUGHT, good);
        refused(409, "org.example.nowhere", rest.upload(BROUGHT, jar));
        assertArrayEquals(good, Files.readAllBytes(deployed("brought.jar")));
        assertEquals("not even stopped", 0, found("stopped").count());
    }

    @Test
    public void whatDoesNotStartIsTakenOutAgain() throws Exception {
        byte[] jar = PluginJar.of(FailingStart.class).bytes();
        refused(409, "no licence for it", rest.upload(BROUGHT, jar));
        assertFalse(Files.exists(deployed("brought.jar")));
        assertFalse(bundles().contains(FailingStart.class.getName()));
    }

    @Test
    public void whatReplacedAGoodFileAndDoesNotStartGivesItBack() throws Exception {
        byte[] good = brought("1.0.0");
        installed(BROUGHT, good);
        byte[] bad = PluginJar.of(FailingStart.class)
                .with("Bundle-SymbolicName", BroughtPlugin.class.getName())
                .bytes();
        refused(409, "The earlier file was put back, and is at work", rest.upload(BROUGHT, bad));
        assertArrayEquals(good, Files.readAllBytes(deployed("brought.jar")));
        assertEquals("active", rest.get(BROUGHT).path("state").asText());
        assertTrue(rest.get("/plugins/brought").path("present").asBoolean());
    }

    @Test
    public void whatAnotherBundleUsesIsNeitherReplacedNorRemoved() throws Exception {
        String library = FILES + "/library.jar";
        String user = FILES + "/user.jar";
        PluginJar jar = PluginJar.empty("org.qrm.itests.brought.library").with("Export-Package", "org.example.library");
        installed(library, jar.bytes());
        installed(
                user,
                PluginJar.empty("org.qrm.itests.brought.user")
                        .with("Import-Package", "org.example.library")
                        .bytes());
        refused(
                409,
                "org.qrm.itests.brought.user",
                rest.upload(library, jar.with("Bundle-Version", "2").bytes()));
        refused(409, "org.qrm.itests.brought.user", rest.delete(library));
        assertEquals(0, found("stopped").count());
        assertEquals(204, rest.delete(user).statusCode());
        assertEquals(204, rest.delete(library).statusCode());
    }

    @Test
    public void whatWasPutThereByHandIsListedWithTheReasonWhyItIsNotAtWork() throws Exception {
        byte[] jar = PluginJar.empty("org.qrm.itests.brought.lonely")
                .with("Import-Package", "org.example.nowhere")
                .bytes();
        Path next = Files.write(SERVER.data().resolve("by-hand.jar"), jar);
        Files.move(next, deployed("by-hand.jar"), StandardCopyOption.ATOMIC_MOVE);
        JsonNode file = rest.await(
                "it is taken up",
                FILES + "/by-hand.jar",
                found -> found.path("state").asText().equals("unresolved"));
        assertContains("org.example.nowhere", file.path("reason").asText());
        assertEquals(204, rest.delete(FILES + "/by-hand.jar").statusCode());
        assertFalse(Files.exists(deployed("by-hand.jar")));
    }

    @Test
    public void aBundleOfTheServerIsNotReplaced() throws Exception {
        byte[] jar = PluginJar.of(BroughtPlugin.class)
                .with("Bundle-SymbolicName", "org.qrm.core")
                .bytes();
        refused(409, "is there already", rest.upload(BROUGHT, jar));
        refused(
                400,
                "fragment",
                rest.upload(
                        BROUGHT,
                        PluginJar.of(BroughtPlugin.class)
                                .with("Fragment-Host", "org.qrm.core")
                                .bytes()));
        refused(400, "no jar file", rest.upload(BROUGHT, new byte[100]));
        assertFalse(Files.exists(deployed("brought.jar")));
    }

    @Test
    public void theKarafConsoleDoesTheSame() throws Exception {
        Path jar = SERVER.data().resolve("brought.jar");
        byte[] content = brought("1.0.0");
        Files.write(jar, content);
        String add = "qrm:plugin-add-file " + jar;
        String digest = RestClient.sha256(content);
        assertContains("If its maker tells the SHA-256 " + digest, karaf(add));
        assertContains("brought.jar is at work, and brings: brought.", karaf(add + " --sha256 " + digest));
        assertContains("brought.jar", karaf("qrm:plugin-files"));
        assertContains("brought.jar is removed.", karaf("qrm:plugin-remove-file brought.jar"));
        assertFalse(Files.exists(deployed("brought.jar")));
    }

    private static byte[] brought(String version) throws Exception {
        return PluginJar.of(BroughtPlugin.class).with("Bundle-Version", version).bytes();
    }

    private static JsonNode installed(String path, byte[] jar) throws Exception {
        HttpResponse<String> answer = rest.upload(path, jar);
        assertEquals(answer.body(), 200, answer.statusCode());
        return new ObjectMapper().readTree(answer.body());
    }

    private static void refused(int status, String reason, HttpResponse<String> answer) {
        assertEquals(answer.body(), status, answer.statusCode());
        assertContains(reason, answer.body());
    }

    private static void assertContains(String words, String text) {
        assertTrue(text, text.contains(words));
    }

    private static Path deployed(String name) {
        return SERVER.data().resolve("deploy").resolve(name);
    }

    private static Path witness() {
        return SERVER.data().resolve("witness");
    }

    private static Stream<String> found(String words) throws Exception {
        return Files.exists(witness())
                ? Files.readAllLines(witness()).stream().filter(line -> line.matches("(" + words + ") .*"))
                : Stream.of();
    }

    /** The witness is told of what bundles do a moment later. */
    private static void assertFound(int number, String words, String end) throws Exception {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (found(words).filter(line -> line.endsWith(end)).count() < number && System.nanoTime() < limit) {
            LockSupport.parkNanos(50_000_000);
        }
        assertEquals(
                words + " " + end,
                number,
                found(words).filter(line -> line.endsWith(end)).count());
    }

    private static boolean isOurs(String line) {
        return line.contains("org.qrm.itests.brought");
    }

    private static String bundles() throws Exception {
        return karaf("bundle:list -t 0 -s --no-format");
    }

    private static String karaf(String command) throws Exception {
        return SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, command);
    }
}
