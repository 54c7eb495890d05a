package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.brought.Witness;

/** What the Karaf console takes away of the folder {@code deploy}, and what goes from there while the server is down. */
public class PluginsByHandIT {

    private static final String PASSWORD = "a-password-for-tests";
    private static final long PATIENCE = Duration.ofMinutes(1).toNanos();
    private static final String BY_KAR = "org.qrm.itests.way.kar";
    private static final String BY_FILE = "org.qrm.itests.way.file";

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
        assertEquals(200, rest.upload("/plugin-files/way.jar", jar).statusCode());
        assertEquals("active", rest.get("/plugin-files/way.jar").path("state").asText());
        assertFalse(Files.exists(server.data().resolve("deploy-uninstalled/way.jar")));
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
            Thread.sleep(200);
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
                found.put(cells[4].strip(), cells[1].strip());
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

    private String karaf(String command) throws Exception {
        String answer = SshConsole.run(server.port("QRM_SSH_PORT"), "admin", PASSWORD, command);
        assertFalse(command + ": " + answer, answer.contains("Error executing command"));
        return answer;
    }
}
