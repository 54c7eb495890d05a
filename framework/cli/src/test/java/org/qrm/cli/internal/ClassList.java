package org.qrm.cli.internal;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Run by the build: writes down which classes a command needs, for {@code bin/qrm} to have them kept. A list that is
 * not quite right costs time only.
 */
final class ClassList {

    private static final char[] PASSWORD = "of no worth".toCharArray();

    private final Path jar;
    private final Path work;

    private ClassList(Path jar, Path work) {
        this.jar = jar;
        this.work = work;
    }

    /** Arguments: the jar of the command line, the list to write, a folder to work in. */
    public static void main(String[] arguments) throws Exception {
        Path work = Files.createDirectories(Path.of(arguments[2]));
        new ClassList(Path.of(arguments[0]), work).write(Path.of(arguments[1]));
    }

    private void write(Path list) throws Exception {
        HttpsServer server = server();
        server.start();
        Path loaded = work.resolve("loaded");
        try {
            run(
                    java("java"),
                    "-XX:DumpLoadedClassList=" + loaded,
                    "-Xshare:off",
                    // the compiler loads what it looks at, and when it comes to that is chance
                    "-Xint",
                    "-cp",
                    jar.toString(),
                    "org.qrm.cli.Qrm",
                    "resource",
                    "list",
                    "--user",
                    "nobody",
                    "--url",
                    "https://127.0.0.1:" + server.getAddress().getPort(),
                    "--cacert",
                    work.resolve("ca.pem").toString());
        } finally {
            server.stop(0);
        }
        Files.createDirectories(list.getParent());
        Files.writeString(list, sorted(Files.readAllLines(loaded)));
    }

    /** Threads load in another order each time; the list is to be the same. What lambdas need comes after the classes. */
    static String sorted(List<String> loaded) {
        return loaded.stream()
                .filter(line -> !line.startsWith("#"))
                .sorted(Comparator.comparing((String line) -> line.startsWith("@"))
                        .thenComparing(line -> line))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private HttpsServer server() throws IOException, GeneralSecurityException, InterruptedException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certified()));
        byte[] answer = "{\"items\":[{\"id\":1,\"name\":\"a\",\"cpus\":1,\"nics\":[{}]}],\"next\":null}"
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        return server;
    }

    private SSLContext certified() throws IOException, GeneralSecurityException, InterruptedException {
        Path keys = work.resolve("keys.p12");
        Files.deleteIfExists(keys);
        makeKey(keys, "authority", "-ext", "bc:c");
        // its certificate is followed to the authority's, as that of a real server
        makeKey(
                keys,
                "server",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-ext",
                "eku=serverAuth",
                "-signer",
                "authority");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        String pem = Base64.getMimeEncoder()
                .encodeToString(store.getCertificate("authority").getEncoded());
        Files.writeString(
                work.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n" + pem + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void makeKey(Path keys, String alias, String... more) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                java("keytool"),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + alias,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                keys.toString()));
        line.addAll(Arrays.asList(more));
        run(line.toArray(String[]::new));
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private void run(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(Arrays.asList(command));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("output").toFile());
        // with another locale or time zone it would load others
        builder.environment().clear();
        builder.environment().putAll(Map.of("QRM_PASSWORD", "none", "LC_ALL", "C.UTF-8", "TZ", "UTC"));
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException(line + " failed: " + Files.readString(work.resolve("output")));
        }
    }
}
