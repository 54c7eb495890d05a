package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.Rule;
import org.junit.Test;

/** A server behind a reverse proxy, and without a console. */
public class BehindAProxyIT {

    private static final String PASSWORD = "not to be guessed";
    private static final String ATTACKER = "203.0.113.5";
    private static final String ADMINISTRATOR = "203.0.113.9";
    private static final int FREE_OF_AN_ADDRESS = 50;

    @Rule
    public ServerProcess server = new ServerProcess();

    private HttpClient http;

    @Test
    public void oneWhoGuessesLocksOutNobodyElse() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_TRUSTED_PROXIES", "127.0.0.1")
                .set("QRM_SSH_PORT", "0");
        String said = server.run("start").output();
        assertTrue(said, said.contains("console: none"));
        http = HttpClient.newBuilder().sslContext(server.trustingTheAuthority()).build();
        for (int i = 0; i <= FREE_OF_AN_ADDRESS; i++) {
            assertEquals(401, login("user" + i, "a guess", ATTACKER));
        }
        assertEquals(429, login("admin", PASSWORD, ATTACKER));
        assertEquals(
                "what the attacker wrote is not believed", 429, login("admin", PASSWORD, "203.0.113.1, " + ATTACKER));
        assertEquals(200, login("admin", PASSWORD, ADMINISTRATOR));
        RestClient rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        assertEquals(
                ATTACKER, rest.get("/audit?user=user7").at("/items/0/origin").asText());
        assertTheProcessListensForHttpAlone();
    }

    private int login(String user, String password, String forwardedFor) throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        URI session = URI.create("https://127.0.0.1:" + server.port("QRM_HTTPS_PORT") + "/api/v1/session");
        HttpRequest request = HttpRequest.newBuilder(session)
                .header("Authorization", "Basic " + basic)
                .header("X-Forwarded-For", forwardedFor)
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private void assertTheProcessListensForHttpAlone() throws IOException {
        Process ss = new ProcessBuilder("ss", "-Hltnp").start();
        String sockets = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String own = "pid=" + server.pid() + ",";
        assertEquals(
                sockets, 2, sockets.lines().filter(line -> line.contains(own)).count());
    }
}
