package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.itests.brought.BroughtPlugin;

/** This server on what each server that is kept in {@code fixtures} left when it was killed. */
@RunWith(Parameterized.class)
public class UpgradeIT {

    /** Goes after the server, whose data it may hold. */
    @Rule(order = 0)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = 1)
    public final ServerProcess server = new ServerProcess();

    @Parameters(name = "{0}")
    public static List<Path> fixtures() throws Exception {
        try (Stream<Path> all = Files.list(Path.of("fixtures"))) {
            List<Path> fixtures = all.filter(it -> it.getFileName().toString().matches("qrm-.*-data\\.tar\\.gz"))
                    .sorted()
                    .toList();
            assertFalse("there is at least one", fixtures.isEmpty());
            return fixtures;
        }
    }

    @Parameter
    public Path fixture;

    private RestClient rest;
    private final Properties facts = new Properties();

    @Before
    public void unpack() throws Exception {
        Process tar = new ProcessBuilder(
                        "tar",
                        "xzf",
                        fixture.toAbsolutePath().toString(),
                        "-C",
                        folder.getRoot().getPath())
                .inheritIO()
                .start();
        assertEquals(0, tar.waitFor());
        try (var lines = Files.newBufferedReader(folder.getRoot().toPath().resolve("facts"))) {
            facts.load(lines);
        }
        server.set("QRM_DATA", folder.getRoot().toPath().resolve("data").toString());
    }

    @Test
    public void allIsThereAndGoesOnAndWhatWasMadeForAnotherApiIsToldOf() throws Exception {
        Path misfit = server.data().resolve("deploy/misfit.jar");
        Files.write(misfit, misfit());
        start();
        assertAllIsThereAndGoesOn();
        assertToldOf(misfit);
    }

    @Test
    public void allIsThereAlsoWhenItIsKilledWhileItChangesTheTables() throws Exception {
        server.of(TomorrowsServer.unpackedIn(folder.getRoot().toPath()));
        TomorrowsServer.killInTheMiddleOfTheMigration(server);
        start();
        assertEquals(TomorrowsServer.VERSION, rest.get("/server").get("version").asText());
        assertAllIsThereAndGoesOn();
    }

    private void start() throws Exception {
        server.start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), facts.getProperty("admin"));
    }

    private void assertAllIsThereAndGoesOn() throws Exception {
        String active = report("active", "active");
        assertTrue("it goes on without a new registration: " + active, active.contains("do=continue"));
        rest.await("what was active is", "/virtual-environments/kept", SimulatedSite.is("state", "active"));
        rest.await("the host is active", "/virtual-environments/hosts", SimulatedSite.is("state", "active"));
        rest.await("the simulated one is active", "/virtual-environments/web1", SimulatedSite.is("state", "active"));
        assertEquals(7, rest.get("/resources?limit=100").get("items").size());
        assertEquals(2, partitions());
        assertEquals("active", rest.get("/plugins/simulator").get("state").asText());
        assertThePluginIsThereOrToldOf();
        assertTrue(rest.get("/users").toString().contains("\"ann\""));
        assertTrue(rest.get("/tokens").toString().contains("\"upgrade\""));
        assertEquals("the token opens", 200, rest.withToken(facts.getProperty("token"), "/resources"));
        assertRemarksAreKeptOrCanBeMade();
        JsonNode audit = rest.get("/audit/verification");
        assertTrue(audit.toString(), audit.get("ok").asBoolean());
        assertTheWorkUnderWayEnds();
    }

    /** Servers of before 0.2 know neither owners nor notes. */
    private void assertRemarksAreKeptOrCanBeMade() throws Exception {
        String machine = "/resources/" + facts.getProperty("active").split(" ")[0];
        for (String path : List.of(
                machine,
                "/virtual-environments/kept",
                "/filesystem-images/web",
                "/boot-images/default",
                "/storage-servers/sim")) {
            JsonNode kept = rest.get(path);
            String owner = facts.getProperty("owner", "");
            String note = facts.getProperty("note", "");
            assertEquals(path, owner, kept.get("owner").asText());
            assertEquals(path, note, kept.get("note").asText());
            JsonNode made = rest.patch(path, "{\"owner\":\"ann\",\"note\":\"# Seen\"}");
            assertEquals(
                    path,
                    "ann # Seen",
                    made.get("owner").asText() + " " + made.get("note").asText());
        }
    }

    /** The API of 0.1 was provisional: a plug-in that was made for it is refused, with the reason, until its file of today comes. */
    private void assertThePluginIsThereOrToldOf() throws Exception {
        if (fixture.getFileName().toString().startsWith("qrm-0.1.")) {
            String why = rest.get("/plugin-files/simulator.jar").get("reason").asText();
            assertTrue(why, why.endsWith("(it was made for another version of QRM)"));
            assertFalse(rest.get("/plugins/simulator").get("present").asBoolean());
            HttpResponse<String> answer = rest.upload(
                    "/plugin-files/simulator.jar", Files.readAllBytes(SimulatedSite.jar("org.qrm.plugin.simulator-")));
            assertEquals(answer.body(), 200, answer.statusCode());
        }
        rest.await(
                "the plug-in is there",
                "/plugins/simulator",
                plugin -> plugin.get("present").asBoolean());
        assertEquals("active", rest.get("/plugins/simulator").get("state").asText());
    }

    /** As one that was compiled against an API that is no more. */
    private static byte[] misfit() throws Exception {
        return PluginJar.of(BroughtPlugin.class)
                .with("Import-Package", "org.osgi.framework,org.qrm.api.plugin;version=\"[0.9,1)\"")
                .bytes();
    }

    private void assertToldOf(Path misfit) throws Exception {
        String reason = Pattern.quote("org.qrm.api.plugin in version [0.9.0,1.0.0), and there is ") + "[0-9.]+"
                + Pattern.quote(" (it was made for another version of QRM)");
        String event = eventOf(rest.await(
                        "it is told of",
                        "/events?type=bundle.unresolved",
                        events -> eventOf(events).isPresent()))
                .orElseThrow()
                .get("description")
                .asText();
        assertTrue(event, event.matches("(?s).*" + reason + ".*"));
        assertTrue(event, event.contains("docs/operations.md"));
        HttpResponse<String> ready = server.get("https", "/readyz");
        assertEquals(ready.body(), 200, ready.statusCode());
        assertTrue(ready.body(), ready.body().contains("bundles WARN"));
        JsonNode file = rest.get("/plugin-files/misfit.jar");
        assertEquals("unresolved", file.get("state").asText());
        String why = file.get("reason").asText();
        assertTrue(why, why.matches("it requires " + reason));
        HttpResponse<String> again = rest.upload("/plugin-files/again.jar", misfit());
        assertEquals(again.body(), 409, again.statusCode());

        Files.delete(misfit);
        rest.await(
                "it is over",
                "/events?type=bundle.unresolved",
                events -> eventOf(events).orElseThrow().get("resolved").asBoolean());
    }

    private static Optional<JsonNode> eventOf(JsonNode events) {
        return StreamSupport.stream(events.get("items").spliterator(), false)
                .filter(event -> event.get("subject").asText().equals("bundle/" + BroughtPlugin.class.getName()))
                .findFirst();
    }

    private int partitions() throws Exception {
        String host =
                rest.get("/virtual-environments/hosts").get("resources").get(0).asText();
        return rest.get("/resources/" + host + "/partitions").get("items").size();
    }

    /** It is active when its machine says so: the time for which it was a fixture does not count. */
    private void assertTheWorkUnderWayEnds() throws Exception {
        report("waiting", "active");
        rest.await(
                "the start under way ends as it was meant to",
                "/virtual-environments/waiting",
                SimulatedSite.is("state", "active"));
    }

    private String report(String machine, String state) throws Exception {
        String[] known = facts.getProperty(machine).split(" ");
        HttpResponse<String> answer = rest.node(
                "/report?hold=0",
                known[1],
                BodyPublishers.ofString("resource=" + known[0] + "\nstate=" + state
                        + "\nload=0.10\nmemory-free-mb=4000\nuptime=100\n"));
        assertEquals(answer.body(), 200, answer.statusCode());
        return answer.body();
    }
}
