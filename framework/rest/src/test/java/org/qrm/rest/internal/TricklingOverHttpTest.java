package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;

/** Requests whose bodies come slowly, or not. */
public class TricklingOverHttpTest {

    /** More than Jetty has threads. */
    private static final int MANY = 250;

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    private final List<Socket> sockets = new ArrayList<>();

    @After
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    public void strangersThatTrickleHoldNoThreadAndAreNotAwaitedForLong() throws Exception {
        for (int i = 0; i < MANY; i++) {
            send(head("/session") + "Content-Length: 900\r\n\r\n{");
        }
        assertEquals(200, server.get("/api/v1/server").status());
        // their time is over together, and who is told first is nobody's business
        List<String> tooLate = new ArrayList<>();
        int tooOften = 0;
        for (Socket socket : sockets) {
            String answer = toItsEnd(socket);
            assertTrue("the rest is not awaited", answer.contains("Connection: close"));
            if (answer.startsWith("HTTP/1.1 504")) {
                tooLate.add(answer);
            } else {
                assertTrue(answer, answer.startsWith("HTTP/1.1 429"));
                tooOften++;
            }
        }
        assertTrue(tooLate.toString(), !tooLate.isEmpty() && tooLate.get(0).contains("longer than 5 s"));
        assertTrue("each counts", tooOften > 0);
    }

    @Test
    public void aStrangerSaysLittle() throws Exception {
        Socket announced = send(head("/session") + "Content-Length: 5000\r\n\r\n{");
        assertTrue(toItsEnd(announced).startsWith("HTTP/1.1 413"));
        Socket chunked =
                send(head("/session") + "Transfer-Encoding: chunked\r\n\r\n1400\r\n" + " ".repeat(0x1400) + "\r\n");
        assertTrue(toItsEnd(chunked).startsWith("HTTP/1.1 413"));
        Socket malformed = send(head("/session") + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n");
        assertTrue(toItsEnd(malformed).startsWith("HTTP/1.1 400"));
    }

    @Test
    public void aLoginInPiecesIsALogin() throws Exception {
        String body = "{\"user\":\"admin\",\"password\":\"admin-secret\"}";
        Socket socket = send(head("/session") + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body.substring(0, 10));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        socket.getOutputStream().write(body.substring(10).getBytes(StandardCharsets.US_ASCII));
        assertTrue(toItsEnd(socket).startsWith("HTTP/1.1 200"));
    }

    private static String head(String path) {
        return "POST /api/v1" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
    }

    private Socket send(String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.securePort());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String toItsEnd(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        try {
            int next = socket.getInputStream().read();
            while (next >= 0) {
                answer.append((char) next);
                next = answer.indexOf("\r\n\r\n") > 0 && answer.charAt(answer.length() - 1) == '}'
                        ? -1
                        : socket.getInputStream().read();
            }
        } catch (SocketException reset) {
            // while we were still to send
        }
        return answer.toString();
    }
}
