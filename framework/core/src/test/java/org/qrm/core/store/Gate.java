package org.qrm.core.store;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a database server and who uses it, and does to the connections what networks and servers do. */
final class Gate implements AutoCloseable {

    private final String url;
    private final int server;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object passing = new Object();
    private ServerSocket listening;
    private volatile boolean silent;
    private volatile String refusal;

    /** @param url of a PostgreSQL server on this host */
    Gate(String url) throws IOException {
        this.url = url;
        this.server = URI.create(url.substring("jdbc:".length())).getPort();
        listening = listen(0);
        port = listening.getLocalPort();
        accept(listening);
    }

    /** Of the same database, through the gate. */
    String url() {
        return url.replace(":" + server + "/", ":" + port + "/") + "&sslmode=disable&gssEncMode=disable";
    }

    /** All is as usual again, for those who connect anew. */
    void pass() throws IOException {
        cut();
        refusal = null;
        synchronized (passing) {
            silent = false;
            passing.notifyAll();
        }
        if (listening.isClosed()) {
            listening = listen(port);
            accept(listening);
        }
    }

    /** Nobody listens, and connections are gone. */
    void shut() throws IOException {
        listening.close();
        cut();
    }

    /** Nothing that is sent arrives, of those either who are connected. */
    void swallow() {
        silent = true;
    }

    /** Who connects is told that; those who are connected stay. */
    void refuse(String state) {
        refusal = state;
    }

    /** Ends all connections. */
    void cut() {
        sockets.forEach(Gate::close);
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 200, InetAddress.getByName("127.0.0.1"));
    }

    private void accept(ServerSocket from) {
        start(() -> {
            while (true) {
                Socket client = from.accept();
                sockets.add(client);
                start(() -> serve(client));
            }
        });
    }

    private void serve(Socket client) throws IOException {
        awaitPassing();
        String state = refusal;
        if (state != null) {
            client.getInputStream().read(new byte[1000]);
            client.getOutputStream().write(error(state));
            close(client);
            return;
        }
        try {
            Socket behind = new Socket(InetAddress.getByName("127.0.0.1"), server);
            sockets.add(behind);
            start(() -> pump(client, behind));
            pump(behind, client);
        } finally {
            close(client);
        }
    }

    private void pump(Socket from, Socket to) throws IOException {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[8192];
            for (int got = in.read(some); got >= 0; got = in.read(some)) {
                awaitPassing();
                out.write(some, 0, got);
            }
        } finally {
            close(from);
            close(to);
        }
    }

    private void awaitPassing() {
        synchronized (passing) {
            while (silent) {
                try {
                    passing.wait();
                } catch (InterruptedException over) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** An ErrorResponse of PostgreSQL's protocol. */
    private static byte[] error(String state) throws IOException {
        byte[] fields = ("SFATAL\0VFATAL\0C" + state + "\0Mon purpose\0\0").getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(message);
        out.writeByte('E');
        out.writeInt(fields.length + 4);
        out.write(fields);
        return message.toByteArray();
    }

    private interface Io {
        void run() throws IOException;
    }

    private static void start(Io io) {
        Thread thread = new Thread(() -> {
            try {
                io.run();
            } catch (IOException over) {
                // it was closed, here or there
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() throws IOException {
        shut();
        synchronized (passing) {
            silent = false;
            passing.notifyAll();
        }
    }
}
