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
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** This server on what each server that is kept in {@code fixtures} left when it was killed. */
@RunWith(Parameterized.class)
public class UpgradeIT {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
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

    @Test
    public void allIsThereAndGoesOn() throws Exception {
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
        server.set("QRM_DATA", folder.getRoot().toPath().resolve("data").toString())
                .start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), facts.getProperty("admin"));

        String active = report("active", "active");
        assertTrue("it goes on without a new registration: " + active, active.contains("do=continue"));
        rest.await("what was active is", "/virtual-environments/kept", SimulatedSite.is("state", "active"));
        rest.await("the host is active", "/virtual-environments/hosts", SimulatedSite.is("state", "active"));
        rest.await("the simulated one is active", "/virtual-environments/web1", SimulatedSite.is("state", "active"));
        assertEquals(7, rest.get("/resources?limit=100").get("items").size());
        assertEquals(2, partitions());
        assertEquals("active", rest.get("/plugins/simulator").get("state").asText());
        assertTrue(rest.get("/users").toString().contains("\"ann\""));
        assertTrue(rest.get("/tokens").toString().contains("\"upgrade\""));
        JsonNode audit = rest.get("/audit/verification");
        assertTrue(audit.toString(), audit.get("ok").asBoolean());
        assertTheWorkUnderWayEnds();
    }

    private int partitions() throws Exception {
        String host =
                rest.get("/virtual-environments/hosts").get("resources").get(0).asText();
        return rest.get("/resources/" + host + "/partitions").get("items").size();
    }

    /** It is active when its machine says so, unless its time ran out while the data was a fixture. */
    private void assertTheWorkUnderWayEnds() throws Exception {
        report("waiting", "active");
        rest.await(
                "the start under way ends",
                "/virtual-environments/waiting",
                it -> List.of("active", "error").contains(it.get("state").asText()));
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
