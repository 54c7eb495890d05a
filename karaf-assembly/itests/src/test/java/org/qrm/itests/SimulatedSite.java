package org.qrm.itests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;

/**
 * A data centre of thirty machines, served by the distribution as a process. The machines are simulated in a process of
 * their own, which speaks the real protocols and outlives the server.
 */
public abstract class SimulatedSite {

    static final int MACHINES = 30;
    static final String PASSWORD = "simulated machines";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    static RestClient rest;
    private static Process machines;

    @BeforeClass
    public static void thirtyMachines() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        admit(rest);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-simulator");
        machines = machines(SERVER, MACHINES);
        register("simulator");
        WickedBundle.deploy(SERVER.data().resolve("deploy"));
        register(WickedBundle.PLUGIN);
        install(WickedBundle.PLUGIN);
        rest.make(
                "/storage-servers",
                "{'name':'sim','type':'simulated','address':'10.0.0.1','managementAddress':'10.0.0.1','exportRoot':'/x'}"
                        .replace('\'', '"'));
        rest.make(
                "/filesystem-images",
                "{'name':'web','storageServer':'sim','source':{'type':'empty'}}".replace('\'', '"'));
        rest.await("the image is ready", "/filesystem-images/web", is("state", "ready"));
    }

    /** So many machines that boot from that server, in a process of their own. */
    static Process machines(ServerProcess server, int count) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar("org.qrm.plugin.simulator-").toString(),
                        "http://127.0.0.1:" + server.port("QRM_HTTP_PORT"),
                        "count=" + count,
                        "seconds=1800")
                .redirectErrorStream(true)
                .redirectOutput(server.data().resolve("machines.log").toFile())
                .start();
    }

    @AfterClass
    public static void switchOff() throws Exception {
        if (machines != null) {
            machines.destroy();
            machines.waitFor(20, TimeUnit.SECONDS);
            machines.destroyForcibly();
        }
    }

    @Before
    public void allAreIdle() throws Exception {
        awaitIdle(MACHINES);
    }

    /** Machines that come are known to be friends. */
    public static void admit(RestClient rest) throws IOException, InterruptedException {
        rest.make("/admission/actions", "{\"action\":\"open\",\"minutes\":600,\"machines\":100000}");
    }

    /** What it brings is used from then on. */
    static void register(String plugin) throws Exception {
        rest.await(
                plugin + " is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains(plugin));
        rest.make("/plugins/" + plugin + "/actions", "{\"action\":\"register\"}");
    }

    static void install(String plugin) throws Exception {
        rest.make("/plugins/" + plugin + "/actions", "{\"action\":\"install\"}");
        rest.await(plugin + " is installed", "/plugins/" + plugin, is("state", "installed"));
        rest.await(
                "what it brings acts",
                "/operations?subject=plugin/" + plugin + "&limit=1",
                work -> work.get("items").get(0).get("state").asText().equals("done"));
    }

    static void environment(String name) throws IOException, InterruptedException {
        rest.make(
                "/virtual-environments", "{\"name\":\"" + name + "\",\"filesystemImage\":\"web\",\"mode\":\"multi\"}");
    }

    static HttpResponse<String> act(String environment, String action) throws IOException, InterruptedException {
        return rest.post("/virtual-environments/" + environment + "/actions", "{\"action\":\"" + action + "\"}");
    }

    static long start(String environment) throws IOException, InterruptedException {
        return rest.make("/virtual-environments/" + environment + "/actions", "{\"action\":\"start\"}")
                .get("id")
                .asLong();
    }

    static void stop(String environment) throws IOException, InterruptedException {
        rest.make("/virtual-environments/" + environment + "/actions", "{\"action\":\"stop\"}");
        rest.await("it is stopped", "/virtual-environments/" + environment, is("state", "inactive"));
    }

    static void awaitIdle(int machines) throws InterruptedException {
        rest.await(
                machines + " are idle",
                "/resources?state=idle&limit=1000",
                list -> list.get("items").size() == machines);
    }

    static Predicate<JsonNode> is(String field, String value) {
        return node -> node.path(field).asText().equals(value);
    }

    static void karaf(String command) throws IOException {
        SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, command);
    }

    static Path jar(String name) throws IOException, InterruptedException {
        try (Stream<Path> all = Files.walk(UnpackedDistribution.home().resolve("system"))) {
            return all.filter(it -> it.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
