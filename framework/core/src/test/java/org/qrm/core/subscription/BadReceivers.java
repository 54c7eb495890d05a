package org.qrm.core.subscription;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Receivers that do what receivers should not, each on a port of its own. */
final class BadReceivers implements AutoCloseable {

    enum Kind {
        NOTHING_LISTENS("nothing listens", false),
        SAYS_NOTHING("within", false),
        HANGS_UP("broke", false),
        TALKS_NONSENSE("broke", false),
        REDIRECTS("redirects are not followed", false),
        FAILS("answered 500", false),
        DRIPS_ITS_HEAD("within", false),
        DRIPS_ITS_BODY("within", false),
        NEVER_ENDS_ITS_HEAD("broke", false),
        ANNOUNCES_FOR_EVER("broke", false),
        /** It took the event; the rest is not waited for. */
        NEVER_ENDS("", true);

        final String words;
        final boolean accepts;

        Kind(String words, boolean accepts) {
            this.words = words;
            this.accepts = accepts;
        }
    }

    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<Kind, ServerSocket> ports = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> asked = new ConcurrentHashMap<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    BadReceivers() throws IOException {
        for (Kind kind : Kind.values()) {
            ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            ports.put(kind, port);
            if (kind == Kind.NOTHING_LISTENS) {
                port.close();
            } else {
                daemon(() -> serve(kind, port));
            }
        }
    }

    /** How many have connected. */
    int asked(Kind kind) {
        return asked.getOrDefault(kind, 0);
    }

    String url(Kind kind) {
        return "http://127.0.0.1:" + ports.get(kind).getLocalPort() + "/";
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "bad-receiver");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Kind kind, ServerSocket port) {
        try {
            while (true) {
                Socket socket = port.accept();
                open.add(socket);
                asked.merge(kind, 1, Integer::sum);
                daemon(() -> answer(kind, socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void answer(Kind kind, Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            in.read(new byte[65_536]);
            OutputStream out = socket.getOutputStream();
            switch (kind) {
                case SAYS_NOTHING -> end.await();
                case TALKS_NONSENSE -> write(out, "220 mail.example.org ESMTP\r\n\r\n");
                case REDIRECTS ->
                    write(out, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
                case FAILS -> write(out, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
                case DRIPS_ITS_HEAD -> drip(out, "HTTP/1.1 200 OK\r\nX-Slow: " + "a".repeat(100_000));
                case DRIPS_ITS_BODY -> {
                    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                    drip(out, "a".repeat(100_000));
                }
                case NEVER_ENDS_ITS_HEAD -> {
                    write(out, "HTTP/1.1 200 OK\r\n");
                    for (long number = 0; end.getCount() > 0; number++) {
                        write(out, "X-" + number + ": " + "a".repeat(1000) + "\r\n");
                    }
                }
                case ANNOUNCES_FOR_EVER -> {
                    while (end.getCount() > 0) {
                        write(out, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                    }
                }
                case NEVER_ENDS -> {
                    write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    while (end.getCount() > 0) {
                        write(out, "1000\r\n" + "a".repeat(0x1000) + "\r\n");
                    }
                }
                default -> {}
            }
        } catch (IOException hungUp) {
            // so it should
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void drip(OutputStream out, String text) throws IOException, InterruptedException {
        for (int i = 0; i < text.length() && !end.await(50, TimeUnit.MILLISECONDS); i++) {
            write(out, text.substring(i, i + 1));
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        for (ServerSocket port : ports.values()) {
            port.close();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
