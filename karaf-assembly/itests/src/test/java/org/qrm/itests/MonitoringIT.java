package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** What Prometheus makes of a server, with the configuration, the alerts and the dashboard of the archive. */
public class MonitoringIT {

    private static final String PASSWORD = "what is monitored";
    private static final int MACHINES = 2;
    private static final long PATIENCE_MINUTES = 8;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern METRIC = Pattern.compile("\\b(qrm|jvm|process)_[a-z0-9_]+");

    private static final TemporaryFolder FOLDER = new TemporaryFolder();
    private static final ServerProcess SERVER = new ServerProcess();

    @ClassRule
    public static final RuleChain ALL = RuleChain.outerRule(FOLDER).around(SERVER);

    private static Path disk;
    private static Path monitoring;
    private static Process machines;
    private static Process prometheus;
    private static int port;
    private static RestClient rest;

    @BeforeClass
    public static void begin() throws Exception {
        assumeTrue("Debian's package prometheus is not there", Files.isExecutable(Path.of("/usr/bin/promtool")));
        monitoring = FOLDER.newFolder("monitoring").toPath();
        try (Stream<Path> files = Files.list(UnpackedDistribution.home().resolve("share/monitoring"))) {
            for (Path file : files.toList()) {
                Files.copy(file, monitoring.resolve(file.getFileName()));
            }
        }
        disk = FOLDER.newFolder("disk").toPath();
        assumeTrue(
                "a disk of its own needs root",
                run("mount", "-t", "tmpfs", "-o", "size=800m", "qrm", disk.toString())
                                .status()
                        == 0);
        SERVER.set("QRM_DATA", disk.resolve("data").toString())
                .set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_SILENCE_SECONDS", "15")
                .start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SimulatedSite.admit(rest);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-simulator");
        rest.await(
                "the plug-in is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("simulator"));
        rest.make("/plugins/simulator/actions", "{\"action\":\"register\"}");
        machines = SimulatedSite.machines(SERVER, MACHINES);
        rest.await(
                "the machines are idle",
                "/resources?state=idle",
                list -> list.get("items").size() == MACHINES);
    }

    @AfterClass
    public static void end() throws Exception {
        for (Process process : new Process[] {machines, prometheus}) {
            if (process != null) {
                process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
        }
        if (disk != null) {
            SERVER.run("stop");
            run("umount", disk.toString());
        }
    }

    private record Said(int status, String output) {}

    private static Said run(String... command) throws IOException, InterruptedException {
        return run(null, command);
    }

    private static Said run(Path input, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), output);
    }

    private static HttpResponse<String> metrics(String accepted) throws Exception {
        String login = Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        return HttpClient.newBuilder()
                .sslContext(SERVER.trustingTheAuthority())
                .build()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("https://127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT") + "/metrics"))
                                .header("Authorization", "Basic " + login)
                                .header("Accept", accepted)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    public void whatTheServerTellsIsAsPrometheusWantsIt() throws Exception {
        HttpResponse<String> plain = metrics("text/plain");
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                plain.headers().firstValue("Content-Type").orElse(""));
        Path text = Files.writeString(monitoring.resolve("metrics.txt"), plain.body());
        assertEquals(new Said(0, ""), run(text, "promtool", "check", "metrics"));
        HttpResponse<String> open = metrics("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertTrue(open.headers()
                .firstValue("Content-Type")
                .orElse("")
                .startsWith("application/openmetrics-text; version=1.0.0"));
        assertTrue(open.body().endsWith("\n# EOF\n"));
        for (String told : List.of(
                "qrm_api_request_duration_seconds_count{route=\"/api/v1/resources\",method=\"GET\",status=\"2xx\"}",
                "qrm_machine_request_duration_seconds_count{route=\"/node/v1/register\",method=\"POST\",status=\"2xx\"} 2",
                "qrm_operation_duration_seconds_count{kind=\"plugin.register\",outcome=\"done\"} ",
                "qrm_operation_step_duration_seconds_count{kind=\"plugin.register\",step=",
                "qrm_plugin_call_duration_seconds_count{bundle=\"org.qrm.plugin.simulator\",spi=\"Plugin\",outcome=\"done\"}",
                "qrm_database_transaction_duration_seconds_count{kind=\"change\",outcome=\"done\"}",
                "qrm_database_connections{state=\"active\"}",
                "qrm_health_status{check=\"database\"} 0",
                "qrm_resources{state=\"idle\"} 2",
                "qrm_event_listener_waiting_events{listener=")) {
            assertTrue(told + " in\n" + plain.body(), plain.body().contains("\n" + told));
        }
    }

    @Test
    public void thePageOfTheDocumentationTellsOfEachFigureAndOfNoOther() throws Exception {
        Set<String> told = new TreeSet<>();
        List<String> lines = metrics("text/plain").body().lines().toList();
        for (int i = 0; i + 1 < lines.size(); i++) {
            String[] help = lines.get(i).split(" ", 4);
            if (lines.get(i).startsWith("# HELP ")) {
                told.add(help[2] + " " + lines.get(i + 1).split(" ")[3] + ": " + help[3]);
            }
        }
        Pattern row = Pattern.compile("\\| `([a-z0-9_]+)` \\| ([a-z]+) \\| [^|]* \\| (.*) \\|");
        Set<String> documented = Files.readAllLines(UnpackedDistribution.home().resolve("docs/metrics.md")).stream()
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1) + " " + found.group(2) + ": " + found.group(3))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(String.join("\n", told), String.join("\n", documented));
    }

    @Test
    public void rulesAndDashboardAskForWhatThereIs() throws Exception {
        Path tests = Path.of("src/test/resources/monitoring/alerts-test.yml").toAbsolutePath();
        Files.copy(tests, monitoring.resolve("alerts-test.yml"));
        for (List<String> check : List.of(
                List.of(
                        "promtool",
                        "check",
                        "rules",
                        monitoring.resolve("alerts.yml").toString()),
                List.of(
                        "promtool",
                        "test",
                        "rules",
                        monitoring.resolve("alerts-test.yml").toString()))) {
            Said said = run(check.toArray(String[]::new));
            assertEquals(said.output(), 0, said.status());
        }
        String there = metrics("text/plain").body();
        JsonNode dashboard = JSON.readTree(monitoring.resolve("dashboard.json").toFile());
        assertFalse(dashboard.get("panels").isEmpty());
        String asked = dashboard.findValuesAsText("expr") + Files.readString(monitoring.resolve("alerts.yml"));
        Matcher name = METRIC.matcher(asked);
        while (name.find()) {
            String metric = name.group().replaceFirst("_(bucket|count|sum)$", "");
            assertTrue(metric, there.contains("# TYPE " + metric + " "));
        }
    }

    @Test
    public void aSilentMachineAFullDiskAndAMissingPluginAreAlerts() throws Exception {
        startPrometheus();
        await("Prometheus asks", () -> value("up{job='qrm'}").equals("1"));
        await(
                "it knows the machines",
                () -> value("qrm_resources{state='idle'}").equals("2"));
        assertEquals(Set.of(), alerts());

        machines.destroyForcibly();
        SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, "bundle:stop org.qrm.plugin.simulator");
        Path filling = disk.resolve("filling");
        run("dd", "if=/dev/zero", "of=" + filling, "bs=1M");
        await(
                "all three are told",
                () -> alerts().containsAll(Set.of("QrmMachineSilent", "QrmDiskLow", "QrmPluginMissing")));

        Files.delete(filling);
        SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, "bundle:start org.qrm.plugin.simulator");
        // nobody restarts the server: it goes on when there is room
        await(
                "changes are made again",
                () -> rest.post("/users", "{\"name\":\"grace\",\"role\":\"viewer\",\"password\":\"a good long one\"}")
                                .statusCode()
                        == 201);
        await("two are over", () -> alerts().stream().noneMatch(Set.of("QrmDiskLow", "QrmPluginMissing")::contains));
        assertTrue(alerts().toString(), alerts().contains("QrmMachineSilent"));
    }

    private static void startPrometheus() throws Exception {
        Path configuration = monitoring.resolve("prometheus.yml");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace("_interval: 15s", "_interval: 1s")
                        .replace("username: prometheus", "username: admin")
                        .replace("qrm.example.org:8443", "127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT")));
        Files.writeString(monitoring.resolve("qrm-password"), PASSWORD);
        Files.copy(SERVER.data().resolve("tls/ca.pem"), monitoring.resolve("qrm-ca.pem"));
        Said checked = run("promtool", "check", "config", configuration.toString());
        assertEquals(checked.output(), 0, checked.status());
        port = FreePorts.next();
        File log = monitoring.resolve("prometheus.log").toFile();
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + monitoring.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private static JsonNode ask(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .build();
        return JSON.readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .get("data");
    }

    private static String value(String query) throws Exception {
        JsonNode result = ask("/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .get("result");
        return result.isEmpty() ? "" : result.get(0).get("value").get(1).asText();
    }

    /** Names of those that fire. */
    private static Set<String> alerts() throws Exception {
        Set<String> firing = new TreeSet<>();
        ask("/alerts").get("alerts").forEach(alert -> {
            if (alert.get("state").asText().equals("firing")) {
                firing.add(alert.get("labels").get("alertname").asText());
            }
        });
        return firing;
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (IOException notYet) {
                last = notYet;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        throw new AssertionError(
                "not within " + PATIENCE_MINUTES + " minutes: " + what + "; alerts: " + alerts()
                        + Files.readString(monitoring.resolve("prometheus.log")),
                last);
    }
}
