package org.qrm.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Another port of a server, where all that passes is counted. */
final class MeteredPort implements AutoCloseable {

    private final ServerSocket listening;
    private final int server;
    private final AtomicLong octets = new AtomicLong();

    /** @param server the port that it leads to */
    MeteredPort(int server) throws IOException {
        this.server = server;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::listen);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** So far, in both directions. */
    long octets() {
        return octets.get();
    }

    private void listen() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
                daemon(() -> pass(client, there));
                daemon(() -> pass(there, client));
            }
        } catch (IOException closed) {
            // nobody else comes
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                octets.addAndGet(count);
                out.write(buffer, 0, count);
            }
        } catch (IOException gone) {
            // so is the other one, then
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "metered-port");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
