package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** A receiver is told of events, signed and in order, though the server is killed while the receiver is away. */
public class SubscriptionsIT {

    private static final String PASSWORD = "told of events";
    private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final ObjectMapper JSON = new ObjectMapper();

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;

    private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
    private final List<String> badlySigned = new CopyOnWriteArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private int port;

    @BeforeClass
    public static void start() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).set("QRM_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
    }

    private HttpServer listen() throws IOException {
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                Map<String, List<String>> headers = exchange.getRequestHeaders();
                String signed = headers.get("Webhook-id").get(0) + "."
                        + headers.get("Webhook-timestamp").get(0) + "." + body;
                if (!List.of("v1," + hmac(signed)).equals(headers.get("Webhook-signature"))) {
                    badlySigned.add(body);
                }
                taken.add(JSON.readTree(body));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        receiver.start();
        return receiver;
    }

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Makes events. */
    private void happen(String name) throws Exception {
        rest.make(
                "/storage-servers", "{\"name\":\"" + name + "\",\"address\":\"10.0.0.5\",\"exportRoot\":\"/export\"}");
        expected.add("storage-server/" + name);
    }

    private List<String> subjects() {
        return taken.stream()
                .map(each -> each.path("subject").asText())
                .distinct()
                .toList();
    }

    private void awaitExpected() throws Exception {
        rest.await(
                "it is told of " + expected + ", and not " + subjects(),
                "/subscriptions/chat",
                seen -> subjects().equals(expected));
    }

    @Test
    public void everyEventArrivesSignedAndInOrder() throws Exception {
        port = FreePorts.next();
        HttpServer receiver = listen();
        ServerProcess.Outcome made = SERVER.qrm(
                "",
                "subscription",
                "create",
                "chat",
                "--target",
                "http://127.0.0.1:" + port + "/hook",
                "--type",
                "storage-server.");
        assertEquals(made.toString(), 0, made.status());
        ServerProcess.Outcome signed = SERVER.qrm("whsec_" + KEY + "\n", "subscription", "set-secret", "chat");
        assertEquals(signed.toString(), 0, signed.status());
        assertFalse(rest.get("/subscriptions").toString().contains(KEY));
        assertFalse(rest.get("/audit").toString().contains(KEY));

        ServerProcess.Outcome test = SERVER.qrm("", "subscription", "test", "chat");
        assertEquals(test.toString(), 0, test.status());
        assertTrue(test.toString(), test.output().contains("it answered 204"));
        assertEquals("org.qrm.subscription.test", taken.remove(0).path("type").asText());

        happen("a");
        happen("b");
        awaitExpected();
        JsonNode first = taken.get(0);
        assertEquals("1.0", first.path("specversion").asText());
        assertEquals("org.qrm.storage-server.created", first.path("type").asText());

        receiver.stop(0);
        happen("c");
        happen("d");
        rest.await(
                "it is seen away",
                "/subscriptions/chat",
                seen -> seen.path("attempts").asInt() > 1);
        ServerProcess.Outcome refused = SERVER.qrm("", "subscription", "test", "chat");
        assertEquals(refused.toString(), 1, refused.status());
        assertTrue(refused.toString(), refused.output().contains("nothing listens there"));
        kill();
        SERVER.start();
        happen("e");
        assertEquals(3, rest.get("/subscriptions/chat").path("behind").asInt());
        receiver = listen();
        awaitExpected();
        JsonNode now = rest.await(
                "it is done", "/subscriptions/chat", seen -> seen.path("behind").asInt() == 0);
        assertEquals("active", now.path("state").asText());
        assertEquals(List.of(), badlySigned);
        // once each: nothing was under way when the server was killed
        assertEquals(expected.size(), taken.size());
        receiver.stop(0);
    }

    private static void kill() throws Exception {
        ProcessHandle process = ProcessHandle.of(SERVER.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
    }
}
