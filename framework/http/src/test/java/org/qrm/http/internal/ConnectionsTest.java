package org.qrm.http.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.health.HealthResult;

public class ConnectionsTest {

    private static final int MOST = 12;
    private static final int MOST_OF_SOURCE = 5;
    private static final int HEAD_SECONDS = 2;

    private final Connections connections =
            new Connections(MOST, MOST_OF_SOURCE, HEAD_SECONDS, 1, new Networks(List.of("127.0.0.9")));
    private final AtomicInteger within = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private final List<Socket> sockets = new ArrayList<>();

    @Rule
    public final FilteredServer server = new FilteredServer(
            connections,
            Map.of(
                    "/held",
                    new Holding(),
                    "/now",
                    new HttpServlet() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                            response.setContentLength(0);
                        }
                    },
                    "/api/*",
                    new HttpServlet() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                            response.setStatus(request.getHeader("Authorization") == null ? 401 : 200);
                            response.setContentLength(0);
                        }
                    }));

    @Before
    public void meetTheServer() throws Exception {
        try (Socket first = open("127.0.0.1")) {
            assertTrue(answers(first));
        }
        until("it is forgotten", () -> connections.size() == 0);
    }

    @After
    public void stop() throws Exception {
        held.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        connections.stop();
    }

    @Test
    public void whoWaitedLongestOfAnAddressGivesWayToItsNext() throws Exception {
        Socket other = open("127.0.0.3");
        List<Socket> some = open("127.0.0.2", MOST_OF_SOURCE);
        assertTrue("it has been used since", answers(some.get(0)));
        Socket next = open("127.0.0.2");
        assertTrue(isClosed(some.get(1)));
        for (Socket socket : List.of(some.get(0), some.get(2), some.get(4), next, other)) {
            assertTrue(answers(socket));
        }
        assertEquals(MOST_OF_SOURCE + 1, connections.size());
    }

    @Test
    public void whatIsBeingAnsweredDoesNotGiveWay() throws Exception {
        List<Socket> some = open("127.0.0.2", MOST_OF_SOURCE);
        for (Socket socket : some) {
            ask(socket, "/held");
        }
        until("all are held", () -> within.get() == MOST_OF_SOURCE);
        assertTrue("the newcomer", isClosed(open("127.0.0.2")));
        assertTrue("another address", answers(open("127.0.0.3")));
        held.countDown();
        for (Socket socket : some) {
            assertEquals('H', socket.getInputStream().read());
        }
    }

    @Test
    public void thereAreSoManyInAllAndTheOldestStrangerGivesWay() throws Exception {
        List<Socket> first = open("127.0.0.4", 4);
        open("127.0.0.5", 4);
        open("127.0.0.6", 4);
        assertTrue(answers(open("127.0.0.7")));
        assertTrue(isClosed(first.get(0)));
        assertEquals(MOST, connections.size());
        until("it is told", () -> connections.execute().status() == HealthResult.Status.WARN);
        String told = connections.execute().message();
        assertTrue(told, told.contains("the last of 127.0.0.4"));
    }

    /** However long he has said nothing, and from wherever they come. */
    @Test
    public void strangersGiveWayBeforeWhoHasProvenWhoHeIs() throws Exception {
        Socket known = open("127.0.0.2");
        ask(known, "/api/v1/resources", "Authorization: Bearer secret\r\n");
        assertTrue(isAnswered(known, 200));
        List<Socket> strangers = open("127.0.0.2", MOST_OF_SOURCE - 1);
        for (Socket stranger : strangers) {
            ask(stranger, "/api/v1/resources");
            assertTrue(isAnswered(stranger, 401));
        }
        for (int i = 0; i < 3; i++) {
            assertTrue(answers(open("127.0.0.2")));
            assertTrue(isClosed(strangers.get(i)));
        }
        open("127.0.0.5", 5);
        open("127.0.0.6", 5);
        assertEquals(MOST, connections.size());
        ask(known, "/api/v1/resources", "Authorization: Bearer secret\r\n");
        assertTrue(isAnswered(known, 200));
    }

    @Test
    public void anAddressOfManyIsCountedInAllOnly() throws Exception {
        for (Socket socket : open("127.0.0.9", 2 * MOST_OF_SOURCE)) {
            assertTrue(answers(socket));
        }
    }

    @Test
    public void aHeadThatTricklesIsNotAwaited() throws Exception {
        Socket silent = open("127.0.0.2");
        Socket trickling = open("127.0.0.2");
        Socket again = open("127.0.0.2");
        assertTrue(answers(again));
        Socket idle = open("127.0.0.3");
        assertTrue(answers(idle));
        for (int i = 0; i < 10 * (HEAD_SECONDS + 4); i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            trickle(trickling);
            trickle(again);
        }
        assertTrue(isClosed(trickling));
        assertTrue("a further request", isClosed(again));
        assertTrue(isClosed(silent));
        assertTrue("one that may be used again", answers(idle));
    }

    @Test
    public void aSlowAnswerIsNoSlowHead() throws Exception {
        Socket socket = open("127.0.0.2");
        ask(socket, "/held");
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(HEAD_SECONDS + 3));
        held.countDown();
        assertEquals('H', socket.getInputStream().read());
    }

    private final class Holding extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            within.incrementAndGet();
            try {
                held.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            response.setContentLength(0);
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < end);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private List<Socket> open(String from, int count) throws IOException {
        List<Socket> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opened.add(open(from));
        }
        return opened;
    }

    /** Open, and known to be. */
    private Socket open(String from) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.setSoTimeout(20_000);
        long before = connections.opened();
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        // the first of all meets Jetty
        if (connections.server() != null) {
            until("it is counted", () -> connections.opened() > before);
        }
        return socket;
    }

    private static void ask(Socket socket, String path) throws IOException {
        ask(socket, path, "");
    }

    private static void ask(Socket socket, String path, String header) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean answers(Socket socket) throws IOException {
        ask(socket, "/now");
        return isAnswered(socket, 200);
    }

    private static boolean isAnswered(Socket socket, int status) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        assertFalse(head.toString(), head.indexOf(String.valueOf(status)) < 0);
        return true;
    }

    private static void trickle(Socket socket) {
        try {
            socket.getOutputStream().write('G');
        } catch (IOException closed) {
            // asked later
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
