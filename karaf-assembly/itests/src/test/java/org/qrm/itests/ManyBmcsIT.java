package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Machines whose BMCs are at as many addresses, some of which never say a word: what {@code benchmark/measure bmcs} has of 10,000. */
public class ManyBmcsIT {

    private static final int MACHINES = 200;
    private static final int MUTE = 10;
    /** Of a client; more of them than the JDK keeps connections. */
    private static final int CERTIFICATES = 50;

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void areAskedInTurnByFewThreadsOverFewConnections() throws Exception {
        try (RedfishServices services = new RedfishServices(folder.getRoot().toPath(), CERTIFICATES)) {
            RestClient rest = start();
            rest.make("/expected-machines", "{\"dryRun\":false,\"csv\":\"" + list(services) + "\"}");
            register();
            await(services, counts -> counts.get("ever") == MACHINES - MUTE);
            services.countAnew();
            Map<String, Integer> counts =
                    await(services, each -> each.get("machines") == MACHINES - MUTE && each.get("least") >= 3);

            String all = counts.toString();
            assertTrue(
                    "nobody is asked much more often than others: " + all,
                    counts.get("most") <= counts.get("least") + 4);
            assertTrue("connections do not add up: " + all, counts.get("open") <= 64 + 32);
            assertTrue("those that are mute wait for each other: " + all, counts.get("mute") <= 12 + 4);
            long clients = threads("HttpClient-");
            assertTrue(clients + " threads that await answers", clients <= 4);
            rest.await(
                    "what they say is known",
                    "/resources?power=off&limit=1000",
                    list -> list.get("items").size() == MACHINES - MUTE);
            assertEquals(
                    MUTE,
                    rest.get("/resources?power=unknown&limit=1000").get("items").size());
        }
    }

    private static RestClient start() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", SimulatedSite.PASSWORD)
                .set("QRM_POWER_SECONDS", "10")
                .set("QRM_SILENCE_SECONDS", "86400")
                .start();
        RestClient rest =
                new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), SimulatedSite.PASSWORD);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), SimulatedSite.PASSWORD, "qrm-plugin-redfish");
        rest.await(
                "the plug-in is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("redfish"));
        rest.make("/plugins/redfish/actions", "{\"action\":\"register\"}");
        rest.make("/plugins/redfish/actions", "{\"action\":\"install\"}");
        rest.await("it is installed", "/plugins/redfish", SimulatedSite.is("state", "installed"));
        return rest;
    }

    private static String list(RedfishServices services) {
        StringBuilder csv = new StringBuilder("mac,redfish.address,redfish.user,redfish.password,redfish.fingerprint");
        for (int number = 1; number <= MACHINES; number++) {
            csv.append("\\n52:54:51:00:00:%02x,".formatted(number)).append(services.columns(number, number <= MUTE));
        }
        return csv.toString();
    }

    private static void register() throws Exception {
        Process machines = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar",
                        SimulatedSite.jar("org.qrm.plugin.simulator-").toString(),
                        "http://127.0.0.1:" + SERVER.port("QRM_HTTP_PORT"),
                        "load=registrations",
                        "count=" + MACHINES,
                        "connections=4",
                        "seconds=600")
                .redirectErrorStream(true)
                .redirectOutput(SERVER.data().resolve("machines.log").toFile())
                .start();
        try {
            assertTrue(machines.waitFor(10, TimeUnit.MINUTES));
            assertEquals(Files.readString(SERVER.data().resolve("machines.log")), 0, machines.exitValue());
        } finally {
            machines.destroyForcibly();
        }
    }

    private interface Condition {
        boolean holds(Map<String, Integer> counts);
    }

    private static Map<String, Integer> await(RedfishServices services, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (true) {
            Map<String, Integer> counts = services.counts();
            if (condition.holds(counts)) {
                return counts;
            }
            assertTrue(counts.toString(), System.nanoTime() < end);
            LockSupport.parkNanos(200_000_000);
        }
    }

    /** Of the server. */
    private static long threads(String name) throws Exception {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + SERVER.pid() + "/task"))) {
            return tasks.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm")).startsWith(name);
                        } catch (java.io.IOException ended) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
