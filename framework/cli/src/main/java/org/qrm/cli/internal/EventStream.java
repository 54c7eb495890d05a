package org.qrm.cli.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.qrm.commands.line.Happenings;

/**
 * The server's stream of events (WHATWG HTML, server-sent events), for who wants to know only that something happened. When it
 * breaks it says so, and tries again until it is closed.
 */
final class EventStream implements Happenings {

    private static final int LONGEST_PAUSE = 10;

    /** Opens the stream. */
    interface Source {
        InputStream open() throws IOException, InterruptedException;
    }

    private final Source source;
    private final Consumer<String> tell;
    private final Semaphore happened = new Semaphore(0);
    private final Thread reader = new Thread(this::read, "events");
    private volatile InputStream open;

    EventStream(Source source, Consumer<String> tell) {
        this.source = source;
        this.tell = tell;
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public void await(Duration atMost) throws InterruptedException {
        if (happened.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            happened.drainPermits();
        }
    }

    @Override
    public void close() {
        reader.interrupt();
        hangUp();
    }

    private void read() {
        int failures = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                open = source.open();
                if (failures > 0) {
                    tell.accept("The stream of events is there again.");
                    happened.release();
                }
                failures = 0;
                listen();
            } catch (IOException e) {
                if (failures++ == 0) {
                    String reason = e.getMessage() == null ? "no connection" : e.getMessage();
                    tell.accept(
                            "The stream of events broke: " + reason + ". Trying again; changes show later until then.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                hangUp();
            }
            pause(failures);
        }
    }

    /** Returns at the stream's ordinary end: the server ends each after half an hour. */
    private void listen() throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(open, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                happened.release();
            }
        }
    }

    private static void pause(int failures) {
        try {
            TimeUnit.SECONDS.sleep(Math.min(Math.max(1, failures), LONGEST_PAUSE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hangUp() {
        InputStream stream = open;
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                // it is over either way
            }
        }
    }
}
