package org.qrm.http.internal;

import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.Rule;
import org.junit.Test;

public class HangupTest {

    private static final long ENOUGH = TimeUnit.SECONDS.toNanos(40);

    @Rule
    public final FilteredServer server =
            new FilteredServer(new Hangup(), Map.of("/now", new Refusing(false), "/later", new Refusing(true)));

    @Test
    public void anEndlessBodyIsCutOff() throws IOException {
        assertCutOff("/now");
    }

    @Test
    public void anEndlessBodyIsCutOffWhenItIsRefusedLater() throws IOException {
        assertCutOff("/later");
    }

    /** Sends for much longer than the server listens. */
    private void assertCutOff(String path) throws IOException {
        byte[] chunk = ("10000\r\n" + "a".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            long end = System.nanoTime() + ENOUGH;
            assertThrows("it is read for ever", IOException.class, () -> {
                while (System.nanoTime() < end) {
                    out.write(chunk);
                }
            });
        }
    }

    /** Reads a little and refuses. */
    private static final class Refusing extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private final boolean later;

        Refusing(boolean later) {
            this.later = later;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().readNBytes(20_000);
            if (later) {
                AsyncContext context = request.startAsync();
                context.start(() -> {
                    refuse(response);
                    context.complete();
                });
            } else {
                refuse(response);
            }
        }

        private static void refuse(HttpServletResponse response) {
            response.setStatus(413);
            response.setHeader("Connection", "close");
            response.setContentLength(0);
        }
    }
}
