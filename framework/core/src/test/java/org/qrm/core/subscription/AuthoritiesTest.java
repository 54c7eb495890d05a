package org.qrm.core.subscription;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.SubscriptionSpec;

public class AuthoritiesTest {

    private static final String PASSWORD = "changeit";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private HttpsServer receiver;
    private Path certificate;

    @Before
    public void listen() throws Exception {
        Path keys = folder.getRoot().toPath().resolve("keys");
        certificate = folder.getRoot().toPath().resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=receiver",
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true");
        keytool("-exportcert", "-keystore", keys.toString(), "-alias", "a", "-rfc", "-file", certificate.toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext own = SSLContext.getInstance("TLS");
        own.init(managers.getKeyManagers(), null, null);
        receiver = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setHttpsConfigurator(new HttpsConfigurator(own));
        receiver.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                arguments[0],
                "-storepass",
                PASSWORD));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(said, 0, process.waitFor());
    }

    @After
    public void close() {
        receiver.stop(0);
        timer.shutdownNow();
        threads.shutdownNow();
    }

    private Outcome send(String setting, String host) throws Exception {
        Webhooks sender = new Webhooks(
                Authorities.trusted(name -> setting),
                new Names(InetAddress::getAllByName),
                threads,
                timer,
                () -> "origin",
                Duration.ofSeconds(15),
                Clock.systemUTC(),
                "0");
        String target = "https://" + host + ":" + receiver.getAddress().getPort() + "/";
        EventFilter all = new EventFilter(Priority.INFO, "", "", "");
        Event event = new Event(7, Instant.EPOCH, Priority.INFO, "core", "told", "", "", null, false, false);
        return sender.send(new SubscriptionSpec("chat", target, all, true), null, List.of(event))
                .toCompletableFuture()
                .get();
    }

    @Test
    public void trustsTheAuthoritiesOfTheFile() throws Exception {
        assertEquals(Outcome.taken(200), send(certificate.toString(), "127.0.0.1"));
    }

    @Test
    public void trustsNobodyElseAndNoOtherName() throws Exception {
        for (String setting : new String[] {null, ""}) {
            Outcome stranger = send(setting, "127.0.0.1");
            assertTrue(stranger.toString(), stranger.failure().startsWith("TLS with it failed"));
        }
        Outcome otherName = send(certificate.toString(), "localhost");
        assertTrue(otherName.toString(), otherName.failure().startsWith("TLS with it failed"));
    }

    @Test
    public void saysWhichSettingCannotBeUsed() throws Exception {
        Path empty = folder.newFile().toPath();
        for (String file : List.of("/nowhere/ca.pem", empty.toString(), "\0")) {
            QrmException refused = assertThrows(QrmException.class, () -> Authorities.trusted(name -> file));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
            assertTrue(refused.getMessage(), refused.getMessage().contains("QRM_WEBHOOK_CA"));
        }
    }
}
