package org.qrm.itests.attack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.RestClient;
import org.qrm.itests.ServerProcess;

/** Who comes in crowds, with a login or without, takes nobody else's turn. */
public class CrowdIT {

    private static final String PASSWORD = "room for everybody";
    private static final String LOGIN = "{\"user\":\"admin\",\"password\":\"" + PASSWORD + "\"}";
    private static final int GUESSERS = 16;
    private static final int OF_ONE_USER = 16;

    @Rule
    public final ServerProcess server = new ServerProcess();

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Socket> sockets = new ArrayList<>();
    private RestClient rest;

    @Before
    public void start() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
    }

    @After
    public void hangUp() throws IOException {
        over.set(true);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** They log in by names that there are not, each from addresses without end. */
    @Test
    public void whoHasLoggedInFromThereBeforeLogsInWhileOthersGuess() throws Exception {
        Stranger admin = new Stranger(server, "127.0.0.1");
        assertEquals(200, admin.ask(true, "POST /api/v1/session", null, LOGIN).status());
        AtomicInteger guesses = new AtomicInteger();
        ExecutorService guessers = Executors.newFixedThreadPool(GUESSERS);
        try {
            for (int i = 0; i < GUESSERS; i++) {
                int part = i;
                guessers.submit(() -> guess(part, guesses));
            }
            for (int round = 0; round < 10; round++) {
                int before = guesses.get();
                Stranger.Answer answer = admin.ask(true, "POST /api/v1/session", null, LOGIN);
                assertEquals("login " + round + ": " + answer.body(), 200, answer.status());
                long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
                while (guesses.get() < before + 2 * GUESSERS && System.nanoTime() < limit) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
                assertTrue("they guess on", guesses.get() > before);
            }
        } finally {
            over.set(true);
            guessers.shutdown();
            assertTrue(guessers.awaitTermination(2, TimeUnit.MINUTES));
        }
    }

    private Void guess(int part, AtomicInteger guesses) throws Exception {
        for (int i = 0; !over.get(); i++) {
            Stranger stranger = new Stranger(server, "127.9." + part + "." + (i % 250 + 1));
            try {
                stranger.ask(
                        true,
                        "POST /api/v1/session",
                        null,
                        "{\"user\":\"nobody" + part + "x" + i + "\",\"password\":\"a guess of mine\"}");
            } catch (IOException hungUp) {
                // whatever becomes of a stranger
            }
            guesses.incrementAndGet();
        }
        return null;
    }

    @Test
    public void aViewerWhoOpensStreamsWithoutEndLeavesThemToOthers() throws Exception {
        rest.make("/users", "{\"name\":\"eve\",\"role\":\"viewer\",\"password\":\"all of them for me\"}");
        List<BufferedReader> eves = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            BufferedReader stream = stream("eve:all of them for me");
            if (stream.readLine().contains(" 200 ")) {
                eves.add(stream);
            }
        }
        BufferedReader admins = stream("admin:" + PASSWORD);
        assertTrue(admins.readLine().contains(" 200 "));
        new Stranger(server, "127.0.0.7").boot("02:aa:aa:aa:aa:01", "10.9.0.1", Map.of());
        String line = admins.readLine();
        while (line != null && !line.contains("02:aa:aa:aa:aa:01")) {
            line = admins.readLine();
        }
        assertTrue("the admin hears of it", line != null);
        int live = 0;
        for (BufferedReader each : eves) {
            live += isOpen(each) ? 1 : 0;
        }
        assertTrue(live + " streams of one user", live <= OF_ONE_USER);
    }

    /** Whether it says more than what it had to say when it was opened. */
    private static boolean isOpen(BufferedReader stream) {
        try {
            String line = stream.readLine();
            while (line != null && !line.contains("02:aa:aa:aa:aa:01")) {
                line = stream.readLine();
            }
            return line != null;
        } catch (IOException ended) {
            return false;
        }
    }

    private BufferedReader stream(String login) throws Exception {
        Socket socket = server.trustingTheAuthority()
                .getSocketFactory()
                .createSocket("127.0.0.1", server.port("QRM_HTTPS_PORT"));
        sockets.add(socket);
        socket.setSoTimeout(30_000);
        String basic = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream()
                .write(("GET /api/v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic " + basic
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
