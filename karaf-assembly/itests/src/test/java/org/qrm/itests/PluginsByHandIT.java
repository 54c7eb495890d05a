package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.brought.BroughtPlugin;
import org.qrm.itests.brought.Witness;

/**
 * Every way in which an administrator brings a bundle to the server, and takes it away again: what comes of it after the server was
 * killed right after the answer, started again, and replaced by another build, which has nothing of Karaf's cache.
 */
public class PluginsByHandIT {

    private static final String PASSWORD = "a-password-for-tests";
    private static final long PATIENCE = Duration.ofMinutes(1).toNanos();
    private static final String SIMULATOR = "org.qrm.plugin.simulator";
    private static final String BY_BUNDLE = BroughtPlugin.class.getName();
    private static final String STOPPED = "org.qrm.itests.way.stopped";
    private static final String BY_FEATURE = "org.qrm.itests.way.feature";
    private static final String BY_KAR = "org.qrm.itests.way.kar";
    private static final String BY_KAR_FILE = "org.qrm.itests.way.karfile";
    private static final String BY_FILE = "org.qrm.itests.way.file";
    /** Comes with the archive, and nothing of a server needs it. */
    private static final String ARCHIVE = "org.qrm.plugin.dnsmasq";

    private static final String BY_ADD_FILE = "org.qrm.itests.way.addfile";

    /** Bundles by their ways, with the state in which they were left. */
    private static final Map<String, String> ALL = new TreeMap<>(Map.of(
            SIMULATOR, "Active",
            BY_BUNDLE, "Active",
            STOPPED, "Installed",
            BY_FEATURE, "Active",
            BY_KAR, "Active",
            BY_KAR_FILE, "Active",
            BY_FILE, "Active",
            BY_ADD_FILE, "Active"));

    @Rule
    public final ServerProcess server = new ServerProcess();

    private RestClient rest;

    @Before
    public void start() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        drop("witness.jar", PluginJar.of(Witness.class).bytes());
        awaitBundles("the witness", Map.of(Witness.class.getName(), "Active"));
    }

    @Test
    public void whatCameByHandStaysUntilItIsTakenAwayByHand() throws Exception {
        bringAll();
        kill();
        server.start();
        awaitBundles("after kill -9", ALL);
        startAsAnotherBuild();
        awaitBundles("another build", ALL);
        assertEquals("nothing else is restarted", List.of(), othersStopped());
        awaitHealth("by-hand WARN", false);

        takeAllAway();
        kill();
        server.start();
        assertStaysAway("after kill -9");
        startAsAnotherBuild();
        assertStaysAway("another build");
    }

    @Test
    public void aFileThatWasUninstalledInTheConsoleComesBackWhenItIsAddedAgain() throws Exception {
        byte[] jar = bundle(BY_FILE);
        drop("way.jar", jar);
        awaitBundles("dropped", Map.of(BY_FILE, "Active"));
        karaf("bundle:uninstall " + BY_FILE);
        assertEquals(
                "[]",
                rest.get("/plugin-files").path("items").findValuesAsText("name").stream()
                        .filter("way.jar"::equals)
                        .toList()
                        .toString());
        assertTrue(Files.exists(server.data().resolve("deploy-uninstalled/way.jar")));
        Files.move(
                server.data().resolve("deploy-uninstalled/way.jar"),
                server.data().resolve("deploy/way.jar"));
        awaitBundles("put back", Map.of(BY_FILE, "Active"));
        karaf("bundle:uninstall " + BY_FILE);
        assertEquals(200, rest.upload("/plugin-files/way.jar", jar).statusCode());
        assertEquals("active", rest.get("/plugin-files/way.jar").path("state").asText());
        assertFalse(Files.exists(server.data().resolve("deploy-uninstalled/way.jar")));
    }

    /** Whatever it came by: a bundle of the archive, of a file, of a feature. */
    @Test
    public void whatWasStoppedStaysStoppedUntilItIsStarted() throws Exception {
        Map<String, String> stopped = Map.of(SIMULATOR, "Installed", BY_FILE, "Installed", ARCHIVE, "Installed");
        Map<String, String> started = Map.of(SIMULATOR, "Active", BY_FILE, "Active", ARCHIVE, "Active");
        drop("way.jar", bundle(BY_FILE));
        karaf("feature:install qrm-plugin-simulator");
        awaitBundles("brought", started);
        for (String name : stopped.keySet()) {
            karaf("bundle:stop " + name);
        }
        startAsAnotherBuild();
        awaitBundles("another build", stopped);
        for (String name : stopped.keySet()) {
            karaf("bundle:start " + name);
        }
        startAsAnotherBuild();
        awaitBundles("started again", started);
    }

    @Test
    public void aKarIsGoneWithItsFile() throws Exception {
        drop("way.kar", kar(BY_KAR));
        awaitBundles("dropped", Map.of(BY_KAR, "Active"));
        Files.delete(deployed("way.kar"));
        awaitGone(BY_KAR);
    }

    @Test
    public void aKarWhoseFileHasGoneWhileTheServerWasDownIsUninstalled() throws Exception {
        drop("way.kar", kar(BY_KAR));
        awaitBundles("dropped", Map.of(BY_KAR, "Active"));
        server.run("stop");
        Files.delete(deployed("way.kar"));
        server.start();
        awaitGone(BY_KAR);
    }

    @Test
    public void aPluginThatIsRegisteredAndNotThereIsAnAlarm() throws Exception {
        karaf("bundle:install -s "
                + file("brought.jar", PluginJar.of(BroughtPlugin.class).bytes()).toUri());
        rest.make("/plugins/brought/actions?wait=20", "{\"action\":\"register\"}");
        karaf("bundle:uninstall " + BY_BUNDLE);
        rest.await(
                "an event",
                "/events?type=plugin.missing",
                events -> !events.path("items").isEmpty());
        JsonNode event = rest.get("/events?type=plugin.missing").path("items").path(0);
        assertEquals("plugin/brought", event.path("subject").asText());
        assertFalse(event.path("resolved").asBoolean());
        assertEquals(200, server.get("http", "/readyz").statusCode());
        awaitHealth("plugins WARN", true);

        karaf("bundle:install -s "
                + file("brought.jar", PluginJar.of(BroughtPlugin.class).bytes()).toUri());
        rest.await(
                "it is over",
                "/events?type=plugin.missing",
                events -> events.path("items").path(0).path("resolved").asBoolean());
        awaitHealth("plugins WARN", false);
    }

    /** What cannot be brought back is named, and the rest comes back. */
    @Test
    public void whatCannotBeBroughtBackIsNamed() throws Exception {
        Path features = features("lonely", BY_FEATURE);
        karaf("feature:repo-add " + features.toUri());
        karaf("feature:install lonely");
        karaf("bundle:install " + file("stopped.jar", bundle(STOPPED)).toUri());
        server.run("stop");
        Files.delete(features.resolveSibling(BY_FEATURE + ".jar"));
        pretendAnotherBuild();
        try (Stream<Path> kept = Files.walk(server.data().resolve("by-hand"))) {
            for (Path jar : kept.filter(each ->
                            each.toString().endsWith(".jar") && !each.toString().contains("/bundles/"))
                    .toList()) {
                Files.delete(jar);
            }
        }
        server.start();
        rest.await(
                "an event",
                "/events?type=by-hand.lost",
                events -> !events.path("items").isEmpty());
        String told = rest.get("/events?type=by-hand.lost").toString();
        assertTrue(told, told.contains("the feature lonely/1.0.0"));
        awaitHealth("by-hand WARN: the feature lonely/1.0.0: ", true);
        awaitBundles("the rest", Map.of(STOPPED, "Installed"));

        features("lonely", BY_FEATURE);
        karaf("feature:install lonely");
        rest.await(
                "it is over",
                "/events?type=by-hand.lost",
                events -> events.path("items").path(0).path("resolved").asBoolean());
        awaitHealth("by-hand WARN", false);
    }

    private void bringAll() throws Exception {
        drop("karfile.kar", kar(BY_KAR_FILE));
        drop("file.jar", bundle(BY_FILE));
        assertEquals(
                200,
                rest.upload("/plugin-files/addfile.jar", bundle(BY_ADD_FILE)).statusCode());
        List<Path> sources = new ArrayList<>();
        sources.add(file("brought.jar", PluginJar.of(BroughtPlugin.class).bytes()));
        sources.add(file("stopped.jar", bundle(STOPPED)));
        sources.add(file("way.kar", kar(BY_KAR)));
        sources.add(features("site", BY_FEATURE));
        sources.add(sources.get(3).resolveSibling(BY_FEATURE + ".jar"));
        karaf("feature:install qrm-plugin-simulator");
        karaf("kar:install " + sources.get(2).toUri());
        karaf("feature:repo-add " + sources.get(3).toUri());
        karaf("feature:install site");
        awaitBundles("of the folder", Map.of(BY_KAR_FILE, "Active", BY_FILE, "Active"));
        karaf("bundle:install " + sources.get(1).toUri());
        karaf("bundle:install -s " + sources.get(0).toUri());
        kill();
        for (Path source : sources) {
            Files.delete(source);
        }
        server.start();
        awaitBundles("all", ALL);
    }

    private void takeAllAway() throws Exception {
        karaf("kar:uninstall way");
        karaf("kar:uninstall karfile");
        karaf("feature:uninstall qrm-plugin-simulator");
        karaf("feature:uninstall site");
        karaf("bundle:uninstall " + STOPPED);
        karaf("bundle:uninstall " + BY_FILE);
        karaf("bundle:uninstall " + BY_ADD_FILE);
        karaf("bundle:uninstall " + BY_BUNDLE);
    }

    private void kill() throws Exception {
        long pid = server.pid();
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
    }

    private void startAsAnotherBuild() throws Exception {
        server.run("stop");
        pretendAnotherBuild();
        server.start();
    }

    private void pretendAnotherBuild() throws IOException {
        Files.writeString(server.data().resolve("karaf/build"), "another");
        Files.deleteIfExists(server.data().resolve("witness"));
    }

    private List<String> othersStopped() throws IOException {
        Path seen = server.data().resolve("witness");
        return Files.exists(seen)
                ? Files.readAllLines(seen).stream()
                        .filter(line -> line.matches("(stopped|updated) .*"))
                        .toList()
                : List.of();
    }

    private void assertStaysAway(String when) throws Exception {
        awaitBundles(when, Map.of(Witness.class.getName(), "Active"));
        rest.await("it is at work", "/plugins", plugins -> true);
        assertEquals(when, Map.of(), bundles(ALL));
        assertEquals(when, List.of("witness.jar"), deployedFiles());
    }

    private List<String> deployedFiles() throws IOException {
        try (Stream<Path> files = Files.list(server.data().resolve("deploy"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void awaitGone(String name) throws Exception {
        await(name + " goes", () -> bundles(Map.of(name, "")), Map.of());
    }

    private void awaitBundles(String when, Map<String, String> expected) throws Exception {
        await(when, () -> bundles(expected), expected);
    }

    private interface Look {
        Map<String, String> now() throws Exception;
    }

    private static void await(String what, Look look, Map<String, String> expected) throws Exception {
        long end = System.nanoTime() + PATIENCE;
        Map<String, String> found = look.now();
        while (!found.equals(expected) && System.nanoTime() < end) {
            // each look is a login, which is made to be slow
            Thread.sleep(1_000);
            found = look.now();
        }
        assertEquals(what, new TreeMap<>(expected), found);
    }

    /** Those of them that are there, with their states. */
    private Map<String, String> bundles(Map<String, String> wanted) throws Exception {
        Map<String, String> found = new TreeMap<>();
        for (String line : karaf("bundle:list -t 0 -s --no-format").split("\\R")) {
            String[] cells = line.strip().split("\\t");
            if (cells.length > 4 && wanted.containsKey(cells[4].strip())) {
                // whether one that does not run is resolved depends on what else was
                found.put(cells[4].strip(), cells[1].strip().replace("Resolved", "Installed"));
            }
        }
        return found;
    }

    private Path file(String name, byte[] content) throws IOException {
        Path folder = Files.createDirectories(server.data().resolveSibling("sources"));
        return Files.write(folder.resolve(name), content);
    }

    private Path deployed(String name) {
        return server.data().resolve("deploy").resolve(name);
    }

    private void drop(String name, byte[] content) throws IOException {
        Files.move(file(name, content), deployed(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] bundle(String name) throws IOException {
        return PluginJar.empty(name).bytes();
    }

    /** A repository with a feature of that name, and beside it its bundle. */
    private Path features(String feature, String bundle) throws IOException {
        Path jar = file(bundle + ".jar", bundle(bundle));
        return file(feature + ".xml", xml(feature, jar.toUri().toString()).getBytes());
    }

    private static String xml(String feature, String bundle) {
        return "<features xmlns=\"http://karaf.apache.org/xmlns/features/v1.6.0\" name=\"" + feature
                + "\"><feature name=\"" + feature + "\" version=\"1.0.0\"><bundle>" + bundle
                + "</bundle></feature></features>";
    }

    private byte[] kar(String bundle) throws IOException {
        Path kar = Files.createTempFile("qrm-test", ".kar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(kar))) {
            put(zip, "repository/org/example/" + bundle + "/1.0.0/" + bundle + "-1.0.0.jar", bundle(bundle));
            put(
                    zip,
                    "repository/org/example/" + bundle + "/1.0.0/" + bundle + "-1.0.0-features.xml",
                    xml(bundle, "mvn:org.example/" + bundle + "/1.0.0").getBytes());
        }
        try {
            return Files.readAllBytes(kar);
        } finally {
            Files.delete(kar);
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /** What it says may be a second old. */
    private void awaitHealth(String line, boolean there) throws Exception {
        await(
                "health",
                () -> Map.of(
                        line,
                        String.valueOf(server.get("http", "/readyz").body().contains(line))),
                Map.of(line, String.valueOf(there)));
    }

    private String karaf(String command) throws Exception {
        String answer = SshConsole.run(server.port("QRM_SSH_PORT"), "admin", PASSWORD, command);
        assertFalse(command + ": " + answer, answer.contains("Error executing command"));
        return answer;
    }
}
