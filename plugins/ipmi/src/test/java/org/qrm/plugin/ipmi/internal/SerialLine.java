package org.qrm.plugin.ipmi.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The machine at its end of a serial line: hears what is typed, and writes what it is told to. */
public final class SerialLine implements Closeable {

    private static final long PATIENCE_SECONDS = 30;

    private final ServerSocket socket;
    private final CompletableFuture<Socket> bmc = new CompletableFuture<>();
    private final StringBuilder heard = new StringBuilder();

    SerialLine() throws IOException {
        socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::listen, "serial-line");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void listen() {
        byte[] bytes = new byte[1024];
        try (Socket connected = socket.accept();
                InputStream keys = connected.getInputStream()) {
            bmc.complete(connected);
            for (int n = keys.read(bytes); n >= 0; n = keys.read(bytes)) {
                hear(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException closed) {
            bmc.completeExceptionally(closed);
        }
    }

    private synchronized void hear(String keys) {
        heard.append(keys);
        notifyAll();
    }

    /** All that was typed so far, a byte a character. */
    public synchronized String heard() {
        return heard.toString();
    }

    /** All that was typed, once it ends with that. */
    public synchronized String await(String end) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (heard.length() < end.length() || heard.indexOf(end, heard.length() - end.length()) < 0) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("\"" + end + "\" was not typed: " + heard);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return heard.toString();
    }

    public void say(String text) {
        try {
            Socket at = bmc.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            at.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            at.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws UncheckedIOException {
        try {
            socket.close();
            if (bmc.isDone() && !bmc.isCompletedExceptionally()) {
                bmc.join().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
