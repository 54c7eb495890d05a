package org.qrm.itests;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A server of the unpacked distribution with its own data and ports, ended after the test whatever happens. */
public final class ServerProcess extends ExternalResource {

    /** Outcome of one {@code qrm-server} command. */
    public record Outcome(int status, String output) {}

    private static final long COMMAND_MINUTES = 5;

    private final TemporaryFolder folder = new TemporaryFolder();
    private final Map<String, String> settings = new HashMap<>();
    private Path home;

    @Override
    protected void before() throws Throwable {
        folder.create();
        set("QRM_DATA", folder.getRoot().toPath().resolve("data").toString());
        set("QRM_START_SECONDS", "120");
        // it lives for a minute: what the second compiler and keeping its classes cost never pays
        set("QRM_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Xshare:auto");
        for (String name : List.of("QRM_HTTP_PORT", "QRM_HTTPS_PORT", "QRM_SSH_PORT")) {
            set(name, Integer.toString(FreePorts.next()));
        }
    }

    @Override
    protected void after() {
        try {
            set("QRM_STOP_SECONDS", "5");
            run("stop");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the server could not be stopped", e);
        } finally {
            folder.delete();
        }
    }

    public ServerProcess set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /** Runs another archive than the one that was built, unpacked there, with the same data. */
    ServerProcess of(Path unpacked) {
        home = unpacked;
        return this;
    }

    public String setting(String name) {
        return settings.get(name);
    }

    public int port(String name) {
        return Integer.parseInt(setting(name));
    }

    Path data() {
        return Path.of(setting("QRM_DATA"));
    }

    /** Starts the server; an error with its last words when it does not get ready. */
    public void start() throws IOException, InterruptedException {
        Outcome outcome = run("start");
        if (outcome.status() != 0) {
            throw new AssertionError("qrm-server start: " + whatItLacks() + '\n' + outcome);
        }
    }

    /** What a server that is not ready says of itself. */
    private String whatItLacks() throws IOException {
        StringBuilder said = new StringBuilder("ready: ");
        try {
            said.append(get("http", "/readyz").body());
        } catch (Exception silent) {
            said.append(silent);
        }
        try (Stream<String> log = Files.lines(data().resolve("log/qrm.log"))) {
            log.filter(line -> line.contains("| WARN ") || line.contains("| ERROR "))
                    .forEach(line -> said.append('\n').append(line));
        }
        return said.toString();
    }

    Outcome run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = command(command);
        File output = File.createTempFile("output", ".txt", folder.getRoot());
        Process process =
                builder.redirectErrorStream(true).redirectOutput(output).start();
        if (!process.waitFor(COMMAND_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "qrm-server " + String.join(" ", command) + " did not end: " + Files.readString(output.toPath()));
        }
        return new Outcome(process.exitValue(), Files.readString(output.toPath()));
    }

    /** Runs {@code bin/qrm} as the server's own user, with what it finds out by itself. */
    Outcome qrm(String input, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = command(command);
        builder.command().set(0, UnpackedDistribution.home().resolve("bin/qrm").toString());
        Process process = builder.redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // it has said why without it
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    ProcessBuilder command(String... command) throws IOException, InterruptedException {
        Path program = home == null ? UnpackedDistribution.home() : home;
        ProcessBuilder builder =
                new ProcessBuilder(program.resolve("bin/qrm-server").toString());
        builder.command().addAll(List.of(command));
        builder.environment().keySet().removeIf(name -> name.startsWith("QRM_"));
        builder.environment().putAll(settings);
        return builder;
    }

    public long pid() throws IOException {
        return Long.parseLong(Files.readString(data().resolve("qrm-server.pid")).trim());
    }

    public HttpResponse<String> get(String scheme, String path) throws Exception {
        int port = port(scheme.equals("https") ? "QRM_HTTPS_PORT" : "QRM_HTTP_PORT");
        HttpClient.Builder client = HttpClient.newBuilder();
        if (scheme.equals("https")) {
            client.sslContext(trustingTheAuthority());
        }
        return client.build()
                .send(
                        HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    public SSLContext trustingTheAuthority() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (var in = Files.newInputStream(data().resolve("tls/ca.pem"))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
