package org.qrm.netboot.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.image.BootFile;
import org.qrm.api.metric.Metrics;
import org.qrm.api.node.Nodes;
import org.qrm.metrics.internal.Registry;

/** The servlets in the HTTP server that Pax Web runs, on two free ports of 127.0.0.1, over fakes of the core. */
public final class NetbootServer extends ExternalResource {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private static KeyStore keys;

    final FakeNodes nodes = new FakeNodes();
    final FakeBootImages images = new FakeBootImages();
    private final Nodes answering;
    final TemporaryFolder folder;
    final Core core = new Core();
    private final Server server = new Server();
    private final Registry registry = new Registry();
    private final Metrics metrics = registry.of("org.qrm.netboot");
    private final NodeCalls calls = new NodeCalls(metrics);
    private FailureLimit limit = new FailureLimit(1000, 1, 100, System::nanoTime);
    private ServerConnector http;
    private ServerConnector https;
    private SSLContext trust;
    private HttpClient client;

    NetbootServer(TemporaryFolder folder) {
        this.folder = folder;
        this.answering = nodes;
    }

    /** A server over a core of the test's own; its image {@code default} has a small kernel and initrd. */
    public NetbootServer(TemporaryFolder folder, Nodes answering) {
        this.folder = folder;
        this.answering = answering;
    }

    NetbootServer limitedTo(int failures) {
        limit = new FailureLimit(failures, 0.001, 100, System::nanoTime);
        return this;
    }

    @Override
    protected void before() throws Exception {
        http = new ServerConnector(server);
        http.setHost("127.0.0.1");
        https = secureConnector(keys());
        server.addConnector(http);
        server.addConnector(https);
        http.open();
        core.nodes = answering;
        core.bootImages = images;
        Refusals refusals = new Refusals(core, calls, limit);
        FakeSettings settings =
                new FakeSettings(http.getLocalPort(), folder.getRoot().toPath());
        ServletContextHandler context = new ServletContextHandler();
        add(context, new BootServlet(core, refusals, settings, metrics), "/boot/*");
        add(context, new NodeServlet(core, calls, refusals, metrics), "/node/v1/*");
        server.setHandler(context);
        server.start();
        client = HttpClient.newBuilder()
                .sslContext(trust)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    private static void add(ServletContextHandler context, javax.servlet.Servlet servlet, String pattern) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, pattern);
    }

    /** Made once for all tests: keytool takes its time. */
    private static synchronized KeyStore keys() throws Exception {
        if (keys == null) {
            Path directory = Files.createTempDirectory("netboot-test");
            Path file = directory.resolve("keys.p12");
            try {
                makeKeys(file);
                keys = KeyStore.getInstance(file.toFile(), PASSWORD);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        }
        return keys;
    }

    private static void makeKeys(Path file) throws Exception {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD));
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("keytool ended with " + status);
        }
    }

    private ServerConnector secureConnector(KeyStore store) throws Exception {
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setKeyStore(store);
        ssl.setKeyStorePassword(new String(PASSWORD));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("server", store.getCertificate("server"));
        trusted.init(certificates);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, trusted.getTrustManagers(), null);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        ServerConnector connector = new ServerConnector(
                server, new SslConnectionFactory(ssl, "http/1.1"), new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        return connector;
    }

    @Override
    protected void after() {
        calls.stop();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code http://127.0.0.1:…} */
    public String http() {
        return "http://127.0.0.1:" + http.getLocalPort();
    }

    /** {@code https://127.0.0.1:…} */
    public String https() {
        return "https://127.0.0.1:" + https.getLocalPort();
    }

    /** SHA-256 of the certificate that it answers at {@code /boot/ca.pem}. */
    public String certificateDigest() throws GeneralSecurityException {
        byte[] der = keys.getCertificate("server").getEncoded();
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    }

    /** Writes down the certificate, and makes a boot image of two files. */
    public void serveDefaultImage() throws IOException, GeneralSecurityException {
        Path root = folder.getRoot().toPath();
        byte[] der = keys.getCertificate("server").getEncoded();
        Files.writeString(
                root.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END CERTIFICATE-----\n");
        for (String name : List.of("vmlinuz", "initrd")) {
            Path content = Files.writeString(root.resolve(name), name);
            images.add("default", new BootFile(name, BootFile.Role.OTHER, name.length(), "00"), content);
        }
    }

    int httpPort() {
        return http.getLocalPort();
    }

    HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return exchange("GET", "http://127.0.0.1:" + http.getLocalPort() + path, null, headers);
    }

    HttpResponse<byte[]> getSecure(String path, String... headers) throws Exception {
        return exchange("GET", "https://127.0.0.1:" + https.getLocalPort() + path, null, headers);
    }

    HttpResponse<byte[]> post(String path, String body, String... headers) throws Exception {
        return exchange("POST", "https://127.0.0.1:" + https.getLocalPort() + path, body, headers);
    }

    HttpResponse<byte[]> exchange(String method, String address, String body, String... headers) throws Exception {
        return client.send(request(method, address, body, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    java.util.concurrent.CompletableFuture<HttpResponse<byte[]>> postLater(
            String path, String body, String... headers) {
        HttpRequest request = request("POST", "https://127.0.0.1:" + https.getLocalPort() + path, body, headers);
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest request(String method, String address, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** A bare connection to the plain port, for requests that no client library sends. */
    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), http.getLocalPort());
    }

    /** A bare TLS connection. */
    Socket connectSecurely() throws IOException {
        return trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), https.getLocalPort());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
