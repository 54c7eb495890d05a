package org.qrm.itests.attack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.RestClient;
import org.qrm.itests.ServerProcess;
import org.qrm.itests.SimulatedSite;

/** Strangers who hold connections, and send as little as they can, keep nobody else from being answered. */
public class StallIT {

    private static final String PASSWORD = "nobody is to wait";
    private static final int ADDRESSES = 40;
    /** More than the server has threads. */
    private static final int MANY = 320;

    @Rule
    public final ServerProcess server = new ServerProcess();

    private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService strangers = Executors.newFixedThreadPool(8);
    private SSLContext trusting;

    @After
    public void hangUp() throws Exception {
        over.set(true);
        strangers.shutdown();
        assertTrue(strangers.awaitTermination(1, TimeUnit.MINUTES));
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    public void whoTricklesKeepsNobodyWaiting() throws Exception {
        start("");
        RestClient rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        SimulatedSite.admit(rest);
        Stranger machine = new Stranger(server, "127.0.0.1");
        Stranger.Answer up = machine.boot("02:aa:aa:aa:aa:01", "10.9.0.1", Map.of());
        assertEquals(up.body(), 200, up.status());

        String guess = Base64.getEncoder().encodeToString("admin:wrong".getBytes(StandardCharsets.UTF_8));
        List<String> heads = List.of(
                "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 900\r\n\r\n{",
                "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 900000\r\n\r\n{",
                "POST /node/v1/register HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\nv",
                "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
                "PUT /api/v1/plugin-files/a.jar HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic " + guess
                        + "\r\nContent-Length: 9000000\r\n\r\nP");
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int part = i;
            all.add(strangers.submit(() -> trickle(part, heads)));
        }
        // for longer than silence is borne
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int rounds = 0;
        while (System.nanoTime() < end) {
            assertEquals(200, machine.ask(false, "GET /healthz", null, "").status());
            assertEquals(200, machine.ask(true, "GET /readyz", null, "").status());
            assertEquals(
                    200,
                    machine.configuration("02:aa:aa:aa:bb:%02x".formatted(rounds % 256))
                            .status());
            assertEquals(200, machine.report(up, "idle").status());
            assertEquals(
                    "idle",
                    rest.get("/resources/" + up.value("resource")).get("state").asText());
            rounds++;
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
        assertTrue("it was asked " + rounds + " times", rounds > 5);
        over.set(true);
        for (Future<?> each : all) {
            each.get();
        }
    }

    /** They boot, register and report as machines do, and as users they have tokens that they invent. */
    @Test
    public void strangersWithoutEndKeepNobodyWaitingWhoIsKnown() throws Exception {
        start("");
        RestClient rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        SimulatedSite.admit(rest);
        Stranger machine = new Stranger(server, "127.0.0.1");
        Stranger.Answer up = machine.boot("02:aa:aa:aa:aa:01", "10.9.0.1", Map.of());
        assertEquals(up.body(), 200, up.status());
        AtomicInteger asked = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int part = i;
            all.add(strangers.submit(() -> flood(part, asked)));
        }
        for (int rounds = 0; rounds < 30; rounds++) {
            int before = asked.get();
            assertEquals(200, machine.report(up, "idle").status());
            assertTrue(rest.get("/resources").get("items").size() > 0);
            long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (asked.get() < before + 20 && System.nanoTime() < limit) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            assertTrue("they ask on", asked.get() >= before + 20);
        }
        over.set(true);
        for (Future<?> each : all) {
            each.get();
        }
        assertEquals(
                "idle",
                rest.get("/resources/" + up.value("resource")).get("state").asText());
    }

    private Void flood(int part, AtomicInteger asked) throws Exception {
        Stranger stranger = new Stranger(server, "127.0.77." + (part + 1));
        for (int i = 0; !over.get(); i++) {
            String mac = "02:bb:%02x:%02x:%02x:01".formatted(part, i / 256 % 256, i % 256);
            try {
                stranger.boot(mac, "10.8." + part + "." + (i % 250 + 1), Map.of());
                stranger.ask(true, "POST /node/v1/report?hold=0", "1.invented", "resource=1\nstate=idle\n");
                stranger.ask(true, "GET /api/v1/resources", "qrm_invented" + part + i, "");
            } catch (IOException hungUp) {
                // whatever becomes of a stranger
            }
            asked.incrementAndGet();
        }
        return null;
    }

    /** Three times as many as that heap bears. */
    @Test
    public void moreConnectionsThanMemoryBearsEndNothingButEachOther() throws Exception {
        start("-Xmx128m");
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int part = i;
            all.add(strangers.submit(() -> hold(part, 2400 / 8)));
        }
        for (Future<?> each : all) {
            each.get();
        }
        Stranger machine = new Stranger(server, "127.0.0.1");
        assertEquals(200, machine.ask(true, "GET /healthz", null, "").status());
        assertEquals(200, machine.configuration("02:aa:aa:aa:aa:01").status());
        long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        String ready = "";
        while (!ready.contains("connections WARN") && System.nanoTime() < limit) {
            ready = server.get("http", "/readyz").body();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
        assertTrue(ready, ready.contains("connections WARN"));
    }

    @Test
    public void aServerThatStoodStillCallsNoMachineSilent() throws Exception {
        server.set("QRM_SILENCE_SECONDS", "20");
        start("");
        RestClient rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        SimulatedSite.admit(rest);
        Stranger machine = new Stranger(server, "127.0.0.1");
        Stranger.Answer up = machine.boot("02:aa:aa:aa:aa:01", "10.9.0.1", Map.of());
        assertEquals(200, machine.report(up, "idle").status());
        signal("STOP");
        try {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(30));
        } finally {
            signal("CONT");
        }
        // the watch looks each 5 s
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(7));
        assertEquals(
                "its place is kept",
                409,
                machine.configuration("02:aa:aa:aa:aa:01").status());
        assertEquals(
                "idle",
                rest.get("/resources/" + up.value("resource")).get("state").asText());
        assertEquals(200, machine.report(up, "idle").status());
    }

    private void signal(String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, String.valueOf(server.pid()))
                        .start()
                        .waitFor());
    }

    private void start(String options) throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_JAVA_OPTS", server.setting("QRM_JAVA_OPTS") + " " + options)
                .start();
        trusting = server.trustingTheAuthority();
    }

    private Void trickle(int part, List<String> heads) throws Exception {
        List<Socket> mine = new ArrayList<>();
        while (!over.get()) {
            while (mine.size() < MANY / 8 && !over.get()) {
                int number = part * MANY / 8 + mine.size();
                Socket socket = connect(number % ADDRESSES);
                if (socket != null && say(socket, heads.get(number % heads.size()))) {
                    mine.add(socket);
                }
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
            mine.removeIf(socket -> !say(socket, "x"));
        }
        return null;
    }

    private Void hold(int part, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Socket socket = connect((part * count + i) % ADDRESSES);
            if (socket != null) {
                say(socket, "POST /node/v1/register HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + "x".repeat(7000));
            }
        }
        return null;
    }

    /** From the address of that number; null when it is not let in. */
    private Socket connect(int address) {
        try {
            Socket socket = trusting.getSocketFactory()
                    .createSocket(
                            InetAddress.getByName("127.0.0.1"),
                            server.port("QRM_HTTPS_PORT"),
                            InetAddress.getByName("127.0.77." + (address + 1)),
                            0);
            sockets.add(socket);
            socket.setSoTimeout(60_000);
            return socket;
        } catch (IOException refused) {
            return null;
        }
    }

    /** Whether it could be said. */
    private static boolean say(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
