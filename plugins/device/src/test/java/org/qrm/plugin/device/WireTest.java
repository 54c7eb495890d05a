package org.qrm.plugin.device;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.After;
import org.junit.Test;

/** Very many services, each with a certificate of its own. */
public class WireTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Wire wire = new Wire("tested", null);
    private HttpServer server;

    @After
    public void close() {
        wire.close();
        server.stop(0);
    }

    @Test
    public void thousandsOfCertificatesTakeNoThreadEach() throws Exception {
        server = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 100);
        serve();
        long before = selectors();
        for (int number = 0; number < 300; number++) {
            // as each has an address of its own
            assertEquals(200, status("http://127.3." + number / 100 + "." + (1 + number % 100), made(number)));
        }
        long more = selectors() - before;
        assertTrue(more + " threads", more <= 2);
    }

    @Test
    public void anotherCertificateIsNotTakenForTheOneOfBefore() throws Exception {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        secure.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.context()));
        server = secure;
        serve();
        Fingerprint right = Fingerprint.parse(TestCertificate.fingerprint()).orElseThrow();
        for (int round = 0; round < 2; round++) {
            assertEquals(200, status("https://127.0.0.1", right));
            // the connection of before is still open
            IOException refused = assertThrows(IOException.class, () -> status("https://127.0.0.1", made(1)));
            assertTrue(refused.toString(), text(refused).contains(", not " + made(1)));
        }
    }

    private void serve() {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    private int status(String host, Fingerprint pinned) throws Exception {
        URI uri = URI.create(host + ":" + server.getAddress().getPort() + "/");
        return wire.send(HttpRequest.newBuilder(uri).build(), Optional.of(pinned), LIMIT)
                .statusCode();
    }

    private static Fingerprint made(int number) {
        return Fingerprint.parse("%064x".formatted(number)).orElseThrow();
    }

    private static String text(Throwable told) {
        return told == null ? "" : told + " " + text(told.getCause());
    }

    private static long selectors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-"))
                .count();
    }
}
