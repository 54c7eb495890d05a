package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.qrm.itests.FreePorts;

/** The distribution, unpacked and running on the rack's server host; driven by its commands, watched over REST. */
final class Server {

    private static final String ADDRESS = "10.77.0.1";
    /** Hosts of a rack have new keys each time. */
    private static final List<String> SSH = List.of(
            "ssh", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR");

    static final String PASSWORD = "rack-test-password";
    private static final Duration LIMIT = Duration.ofMinutes(8);

    private final Rack rack;
    private final Path home;
    private final Path data;
    private final int port;
    private HttpClient http;

    Server(Rack rack, Path work) throws Exception {
        this.rack = rack;
        home = unpacked(work);
        shareFileSystems(home);
        data = work.resolve("data");
        port = FreePorts.next();
    }

    /** The folder of the distribution, as an administrator unpacks it. */
    static Path unpacked(Path work) throws IOException, InterruptedException {
        Path unpacked = Files.createDirectories(work.resolve("unpacked"));
        Process tar = new ProcessBuilder("tar", "xzf", System.getProperty("distribution"), "-C", unpacked.toString())
                .inheritIO()
                .start();
        assertEquals(0, tar.waitFor());
        try (Stream<Path> top = Files.list(unpacked)) {
            return top.findFirst().orElseThrow();
        }
    }

    /** Images may be directories: the rack's storage server has no loop devices. */
    static void shareFileSystems(Path home) throws IOException {
        Files.writeString(home.resolve("etc/org.qrm.plugin.nfs.cfg"), "sharedFileSystems = allow\n");
    }

    /** What new images are kept in, as {@code imageVolumes} says it; they are of 1 GiB. It is taken a little later. */
    void configureImages(String volumes) throws IOException {
        Files.writeString(
                home.resolve("etc/org.qrm.plugin.nfs.cfg"),
                "sharedFileSystems = allow\nimageGib = 1\nimageVolumes = " + volumes + "\n");
    }

    /** Starts it; returns when it is ready. */
    void start(String... settings) throws Exception {
        onServer(settings, "qrm-server", "start");
        if (http == null) {
            rack.run("forward", String.valueOf(port), "8443");
            trustItsAuthority();
            // the machines of a rack are known to be friends
            qrm("admission", "open", "--minutes", "600", "--machines", "100");
        }
    }

    /** That which it has now. */
    void trustItsAuthority() throws Exception {
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting(authority()))
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    /** Its QRM_DATA. */
    Path data() {
        return data;
    }

    /** The certificate of that, or two while one takes the other's place. */
    Path authority() {
        return data.resolve("tls/ca.pem");
    }

    void stop() throws IOException {
        onServer(new String[0], "qrm-server", "stop");
    }

    /** As the power failing: it has no chance to say anything. */
    void kill() throws IOException {
        String pid = Files.readString(data.resolve("qrm-server.pid")).strip();
        rack.exec("server", "sh", "-c", "kill -9 " + pid + "; while [ -d /proc/" + pid + " ]; do sleep 0.1; done");
    }

    /** {@code bin/qrm …} on the server's host, which must succeed. */
    String qrm(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("qrm"));
        command.addAll(List.of(words));
        return onServer(new String[0], command.toArray(String[]::new));
    }

    /** Where it answers here. */
    String address() {
        return "https://127.0.0.1:" + port + "/";
    }

    /** Lets its DHCP server serve the rack. */
    void configureDhcp() throws IOException {
        configureDhcp("10.77.0.100", "10.77.0.200");
    }

    /** The same with other addresses, and what else is to be in its file; it may run. */
    void configureDhcp(String first, String last, String... more) throws IOException {
        Files.writeString(
                home.resolve("etc/org.qrm.plugin.dnsmasq.cfg"),
                "mode = full\ninterface = br0\nfixedAddresses = false\nrangeStart = " + first + "\nrangeEnd = " + last
                        + "\n" + String.join("\n", more) + "\n");
    }

    /** What its DHCP server was started with. */
    Path dhcpConfiguration() {
        return data.resolve("dnsmasq/dnsmasq.conf");
    }

    /** What an administrator does with the line that it shows. */
    void installKey() throws Exception {
        rack.run("authorize", "storage", publicKey().toString());
        rack.run("authorize", "source", publicKey().toString());
    }

    /** One that is filled from the archive of a small Debian on the storage server. */
    void createImage(String name) throws IOException {
        createImage(name, "debian.tar");
    }

    /** @param archive of a root file system, below the storage server's {@code /export} */
    void createImage(String name, String archive) throws IOException {
        qrm(
                "filesystem-image",
                "create",
                name,
                "--storage-server",
                "NFS-server",
                "--archive",
                "/export/" + archive,
                "--wait");
    }

    /** Whether a boot loader has a connection to it. */
    boolean isLoadedFrom() throws IOException {
        return !rack.exec("server", "ss", "-Htn", "state", "established", "sport = :8080")
                .isBlank();
    }

    /** Describes the rack's storage server. */
    void createStorageServer() throws IOException {
        qrm(
                "storage-server",
                "create",
                "NFS-server",
                "--type",
                "nfs",
                "--address",
                "10.77.0.2",
                "--management-address",
                "10.77.0.3",
                "--export-root",
                "/export");
    }

    /** The line that lets this server in on other machines. */
    Path publicKey() throws IOException, InterruptedException {
        Path file = data.resolve("id.pub");
        Process keygen = new ProcessBuilder(
                        "ssh-keygen", "-y", "-f", privateKey().toString())
                .redirectOutput(file.toFile())
                .start();
        assertEquals(0, keygen.waitFor());
        return file;
    }

    /** What it logs in to other machines with. */
    private Path privateKey() {
        return data.resolve("exec/id_ecdsa");
    }

    /** A command elsewhere, as root with this server's own key, past this server; it may end as it likes. */
    Rack.Result ssh(String address, int port, String... command) throws IOException {
        List<String> words = new ArrayList<>(SSH);
        words.addAll(List.of("-i", privateKey().toString(), "-p", String.valueOf(port), "root@" + address));
        words.addAll(List.of(command));
        return rack.tryExec("server", words.toArray(String[]::new));
    }

    /** A command of its Karaf console, which must succeed. */
    String karaf(String command) throws IOException {
        List<String> words = new ArrayList<>(List.of("sshpass", "-p", PASSWORD));
        words.addAll(SSH);
        words.addAll(List.of("-p", "8101", "admin@" + ADDRESS, command));
        return rack.exec("server", words.toArray(String[]::new));
    }

    /** Where it is unpacked. */
    Path home() {
        return home;
    }

    /** What it logs. */
    Path log() {
        return data.resolve("log/qrm.log");
    }

    JsonNode get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + "api/v1" + path))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8)))
                .timeout(Duration.ofSeconds(60))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(path + " answered " + response.body(), 200, response.statusCode());
        return new ObjectMapper().readTree(response.body());
    }

    /** Waits until what a path answers is as it must become. */
    JsonNode await(String what, String path, Predicate<JsonNode> condition) throws Exception {
        return await(what, path, LIMIT, condition);
    }

    JsonNode await(String what, String path, Duration limit, Predicate<JsonNode> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<JsonNode> answer = tryGet(path);
            if (answer.filter(condition).isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit.toMinutes() + " minutes: " + what + "; it is "
                        + answer.map(JsonNode::toPrettyString).orElse("not answered"));
            }
            LockSupport.parkNanos(500_000_000);
        }
    }

    private Optional<JsonNode> tryGet(String path) throws Exception {
        try {
            return Optional.of(get(path));
        } catch (IOException notNow) {
            return Optional.empty();
        }
    }

    /** A command that must fail; answers what it printed. */
    String refused(String... words) throws IOException {
        Rack.Result result = rack.tryExec("server", command(new String[0], words));
        assertNotEquals(String.join(" ", words) + " was to be refused: " + result.output(), 0, result.status());
        return result.output();
    }

    /** Any command of the distribution, which must succeed. */
    String run(String... words) throws IOException {
        return onServer(new String[0], words);
    }

    /** The same, which may fail; answers what it printed. */
    String tryRun(String... words) throws IOException {
        return rack.tryExec("server", command(new String[0], words)).output();
    }

    /** The same, typed at; it may end as it likes. */
    Rack.Result type(String lines, String... words) throws IOException {
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "printf '%s' \"$0\" | exec \"$@\"", lines));
        shell.addAll(List.of(command(new String[0], words)));
        return rack.tryExec("server", shell.toArray(String[]::new));
    }

    private String onServer(String[] settings, String... words) throws IOException {
        return rack.exec("server", command(settings, words));
    }

    private String[] command(String[] settings, String... words) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "QRM_DATA=" + data,
                "QRM_ADDRESS=" + ADDRESS,
                "QRM_ADMIN_PASSWORD=" + PASSWORD,
                "QRM_URL=https://" + ADDRESS + ":8443",
                "QRM_USER=admin",
                "QRM_PASSWORD=" + PASSWORD,
                "QRM_CACERT=" + data.resolve("tls/ca.pem")));
        command.addAll(List.of(settings));
        command.add(home.resolve("bin").resolve(words[0]).toString());
        command.addAll(List.of(words).subList(1, words.length));
        return command.toArray(String[]::new);
    }

    private static SSLContext trusting(Path pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            store.setCertificateEntry(
                    "qrm", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
