package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.itests.witness.BundleWitness;

/** What the archetype generates, in a running server: it comes, works and goes, and nothing else notices. */
public class ThirdPartyPluginIT extends SimulatedSite {

    private static final String ID = "spare";
    private static final String BUNDLE = "com.example.spare";
    private static final String WITNESS = "org.qrm.itests.witness";

    @Rule
    public final OpenConsole console = new OpenConsole(SERVER);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void comesWorksAndGoesWithoutATrace() throws Exception {
        runningSince("early");
        watchBundles();
        Set<String> before = traces();

        Path jar = drop();
        rest.await("it is there", "/plugins", plugins -> state(plugins).equals("available"));
        assertTrue(plugin("list").contains("available"));
        plugin("register");
        String asked = run("qrm-configurator", "pluginconf\n" + ID + "\n-5\nINFO\n1000\nq\n");
        assertTrue(asked, asked.contains("Give 0 to 1048576 MiB."));
        assertTrue(asked, asked.contains("Plug-in spare is configured."));
        plugin("install");
        runningSince("not-yet");
        assertEquals("it does nothing before it is active", List.of(), remarks());
        plugin("run_once");
        assertEquals("active", state(rest.get("/plugins")));
        assertEquals("what runs already", Set.of("early", "not-yet"), Set.copyOf(remarks()));
        runningSince("late");
        rest.await(
                "its listener acts",
                "/events?source=" + ID,
                events -> events.toString().contains("late asks for 512 MiB"));
        showsItsPage();

        plugin("uninstall");
        assertEquals("nobody has to look at its events any more", List.of(), remarks());
        Files.delete(jar);
        rest.await("it is gone", "/plugins", plugins -> state(plugins).isEmpty());
        rest.await("its bundle is gone", "/server", server -> !bundles().contains(BUNDLE));
        assertEquals(404, served("page.js").statusCode());
        assertFalse(parts(), parts().contains(ID));
        assertEquals("what it leaves behind", before, traces());
        assertEquals("bundles that came, stopped, started or went", Set.of(BUNDLE), eventsOfBundles());
        for (String environment : List.of("early", "not-yet", "late")) {
            stop(environment);
        }
    }

    /** An environment that asks for 512 MiB, on a machine that has more than 1000 MiB beyond that. */
    private static void runningSince(String name) throws Exception {
        rest.make(
                "/virtual-environments",
                "{\"name\":\"" + name
                        + "\",\"filesystemImage\":\"web\",\"mode\":\"multi\",\"requirements\":{\"memoryMb\":512}}");
        long start = start(name);
        rest.await("it runs", "/operations/" + start, is("state", "done"));
    }

    private static void watchBundles() throws Exception {
        TestBundle.deploy(SERVER.data().resolve("deploy"), WITNESS, BundleWitness.class, "org.osgi.framework");
        rest.await("the others have come", "/server", server -> {
            String bundles = bundles();
            return bundles.contains(WITNESS)
                    && bundles.contains(WickedBundle.NAME)
                    && Files.exists(SERVER.data().resolve("bundle-events"));
        });
        Files.writeString(SERVER.data().resolve("bundle-events"), "");
    }

    private static Set<String> eventsOfBundles() throws IOException {
        return new TreeSet<>(Files.readAllLines(SERVER.data().resolve("bundle-events")));
    }

    /** As an administrator does it: complete when it appears there. */
    private static Path drop() throws IOException {
        Path made = Files.createTempFile(SERVER.data(), "plugin", ".jar");
        Files.copy(Path.of(System.getProperty("thirdPartyPlugin")), made, StandardCopyOption.REPLACE_EXISTING);
        return Files.move(
                made, SERVER.data().resolve("deploy").resolve(BUNDLE + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void showsItsPage() throws Exception {
        assertTrue(parts(), parts().contains("\"title\":\"Spare memory\""));
        HttpResponse<String> module = served("page.js");
        assertEquals(module.body(), 200, module.statusCode());
        Browser browser = console.browser();
        OpenConsole.logIn(browser, "admin", PASSWORD);
        browser.click("nav", "Spare memory");
        browser.awaitText("Machines with more memory than was asked for");
        browser.awaitText("late asks for 512 MiB");
        browser.screenshot(OpenConsole.SCREENSHOTS.resolve("third-party.png"));
    }

    private static HttpResponse<String> served(String file) throws Exception {
        return SERVER.get("https", "/console/plugins/" + ID + "/" + file);
    }

    private static String parts() throws Exception {
        return SERVER.get("https", "/console/parts.json").body();
    }

    /** The environments of its events that nobody has seen. */
    private static List<String> remarks() throws Exception {
        List<String> found = new ArrayList<>();
        rest.get("/events?source=" + ID + "&acknowledged=false")
                .get("items")
                .forEach(event -> found.add(event.get("subject").asText().replace("virtual-environment/", "")));
        return found;
    }

    /** Its state among all, empty when it is not there. */
    private static String state(JsonNode plugins) {
        for (JsonNode plugin : plugins.get("items")) {
            if (plugin.get("id").asText().equals(ID)) {
                return plugin.get("state").asText();
            }
        }
        return "";
    }

    /** Files and configurations that a plug-in can leave behind; not the logs, and not Karaf's disposable cache. */
    private static Set<String> traces() throws IOException {
        Path data = SERVER.data();
        try (Stream<Path> files = Files.walk(data)) {
            Set<String> found = files.map(file -> data.relativize(file).toString())
                    .filter(file -> !file.matches("(log|karaf|database)(/.*)?|.*\\.log|bundle-events"))
                    .collect(Collectors.toCollection(TreeSet::new));
            karafLines("config:list -s").filter(line -> line.contains(ID)).forEach(found::add);
            return found;
        }
    }

    private static String bundles() {
        try {
            return karafLines("bundle:list -s -t 0 --no-format").collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Stream<String> karafLines(String command) throws IOException {
        return SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, command)
                .lines();
    }

    private String plugin(String step) throws Exception {
        return run("qrm-plugin", "", ID, step);
    }

    /** A command of the distribution that must do it; what it said. */
    private String run(String command, String input, String... arguments) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(UnpackedDistribution.home().resolve("bin").resolve(command).toString());
        line.addAll(List.of(arguments));
        File typed = folder.newFile();
        Files.writeString(typed.toPath(), input);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectInput(typed);
        builder.environment().keySet().removeIf(name -> name.startsWith("QRM_"));
        builder.environment().put("QRM_URL", "https://127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT"));
        builder.environment().put("QRM_USER", "admin");
        builder.environment().put("QRM_PASSWORD", PASSWORD);
        builder.environment()
                .put("QRM_CACERT", SERVER.data().resolve("tls/ca.pem").toString());
        File said = folder.newFile();
        Process process = builder.redirectOutput(said).start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        String output = Files.readString(said.toPath());
        assertTrue(command + " did not end: " + output, ended);
        assertEquals(output, 0, process.exitValue());
        return output;
    }
}
