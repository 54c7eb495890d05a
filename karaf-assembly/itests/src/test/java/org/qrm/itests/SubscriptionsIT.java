package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import org.junit.rules.TemporaryFolder;

/** A receiver is told of events, signed and in order, though the server is killed while the receiver is away. */
public class SubscriptionsIT {

    private static final String PASSWORD = "told of events";
    private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final ObjectMapper JSON = new ObjectMapper();

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static RestClient rest;
    private static Path folder;

    private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
    private final List<String> badlySigned = new CopyOnWriteArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private int port;

    @BeforeClass
    public static void start() throws Exception {
        folder = FOLDER.getRoot().toPath();
        makeCertificate();
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_PASSWORD", PASSWORD)
                .set("QRM_WEBHOOK_CA", folder.resolve("mail.pem").toString())
                .start();
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

    /** To a mail server that is not ours (aiosmtpd), over TLS whose certificate the site's authority vouches for. */
    @Test
    public void eventsArriveByMail() throws Exception {
        Process mails = new ProcessBuilder(
                        "/usr/bin/python3",
                        "../../framework/core/src/test/resources/org/qrm/core/subscription/mail_server.py",
                        "tls",
                        folder.resolve("mail.pem").toString(),
                        folder.resolve("mail.key").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(mails.getInputStream(), StandardCharsets.UTF_8))) {
            String target = "smtps://localhost:" + out.readLine();
            ServerProcess.Outcome made = SERVER.qrm(
                    "",
                    "subscription",
                    "create",
                    "ops",
                    "--target",
                    target,
                    "--sender",
                    "qrm@example.org",
                    "--recipient",
                    "ops@example.org",
                    "--recipient",
                    "night@example.org",
                    "--type",
                    "storage-server.");
            assertEquals(made.toString(), 0, made.status());
            ServerProcess.Outcome test = SERVER.qrm("", "subscription", "test", "ops");
            assertEquals(test.toString(), 0, test.status());
            assertTrue(test.toString(), test.output().contains("it answered 250"));
            assertTrue(out.readLine().contains("Auto-Submitted"));
            happen("m1");
            happen("m2");
            JsonNode mail = JSON.readTree(out.readLine());
            assertEquals(2, mail.path("to").size());
            String text = mail.path("text").asText();
            String body = new String(
                    Base64.getMimeDecoder().decode(text.substring(text.indexOf("\r\n\r\n"))), StandardCharsets.UTF_8);
            assertTrue(body, body.contains("storage-server/m1") && body.contains("storage-server/m2"));
            rest.await(
                    "it is told so",
                    "/subscriptions/ops",
                    seen -> seen.path("behind").asInt() == 0
                            && !seen.path("lastTime").isNull());
        } finally {
            mails.destroy();
        }
    }

    private static void makeCertificate() throws Exception {
        Process made = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-keyout",
                        folder.resolve("mail.key").toString(),
                        "-out",
                        folder.resolve("mail.pem").toString())
                .redirectErrorStream(true)
                .start();
        assertEquals(new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8), 0, made.waitFor());
    }

    private static void kill() throws Exception {
        ProcessHandle process = ProcessHandle.of(SERVER.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
    }
}
