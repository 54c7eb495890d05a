package org.qrm.http.internal;

import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import javax.servlet.AsyncContext;
import javax.servlet.DispatcherType;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class HangupTest {

    private static final long ENOUGH = TimeUnit.SECONDS.toNanos(40);

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @Before
    public void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        FilterHolder filter = new FilterHolder(new Hangup());
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(servlet(false), "/now");
        context.addServlet(servlet(true), "/later");
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

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
        try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
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

    private static ServletHolder servlet(boolean later) {
        ServletHolder holder = new ServletHolder(new Refusing(later));
        holder.setAsyncSupported(true);
        return holder;
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
