package org.qrm.rest.internal.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventLog;
import org.qrm.commands.Json;
import org.qrm.commands.noun.EventView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's stream (WHATWG HTML, server-sent events). Writes only while the connection takes bytes; what it holds
 * is at most one batch.
 */
final class EventStream implements WriteListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int BATCH = 50;
    private static final long LIFETIME = TimeUnit.MINUTES.toNanos(30);
    private static final byte[] GREETING = "retry: 3000\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final AsyncContext async;
    private final Supplier<EventLog> log;
    private final String user;
    private final BooleanSupplier standing;
    private final Consumer<EventStream> onEnd;
    private final ServletOutputStream out;
    private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;
    private final long end = System.nanoTime() + LIFETIME;
    private long last;
    private byte[] urgent = GREETING;
    private boolean unflushed;
    private boolean ended;

    EventStream(
            AsyncContext async,
            Supplier<EventLog> log,
            long after,
            String user,
            BooleanSupplier standing,
            boolean compressed,
            Consumer<EventStream> onEnd)
            throws IOException {
        this.async = async;
        this.log = log;
        this.last = after;
        this.user = user;
        this.standing = standing;
        this.gzip = compressed ? new GZIPOutputStream(packed, true) : null;
        this.onEnd = onEnd;
        this.out = async.getResponse().getOutputStream();
        async.addListener(this);
    }

    /** Who reads. */
    String user() {
        return user;
    }

    boolean isCompressed() {
        return gzip != null;
    }

    void begin() {
        out.setWriteListener(this);
    }

    /** Sends what is new, as far as the reader takes it. */
    synchronized void send() {
        try {
            while (!ended && out.isReady()) {
                if (unflushed) {
                    unflushed = false;
                    out.flush();
                    continue;
                }
                byte[] bytes = next();
                if (bytes == null) {
                    return;
                }
                unflushed = true;
                out.write(gzip == null ? bytes : packed(bytes));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("An event stream ends: {}", e.toString());
            close();
        }
    }

    /** All of it, so that its reader need not wait for what comes next. */
    private byte[] packed(byte[] bytes) throws IOException {
        gzip.write(bytes);
        gzip.flush();
        byte[] all = packed.toByteArray();
        packed.reset();
        return all;
    }

    /** Shows that the connection lives, or ends a stream that is old, or whose reader may not read any more. */
    void beat() {
        boolean over = System.nanoTime() - end > 0 || !mayStillRead();
        beat(over);
    }

    private synchronized void beat(boolean over) {
        if (over) {
            close();
        } else if (urgent == null) {
            urgent = HEARTBEAT;
            send();
        }
    }

    private boolean mayStillRead() {
        try {
            return standing.getAsBoolean();
        } catch (QrmException e) {
            // nobody can be checked now: what has begun goes on
            return e.problem().kind() == Problem.Kind.UNAVAILABLE;
        }
    }

    private byte[] next() throws IOException {
        if (urgent != null) {
            byte[] bytes = urgent;
            urgent = null;
            return bytes;
        }
        List<Event> events = log.get().after(last, BATCH);
        if (events.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Event event : events) {
            String text = "id: " + event.id() + "\ndata: " + Json.text(EventView.of(event)) + "\n\n";
            bytes.write(text.getBytes(StandardCharsets.UTF_8));
            last = Math.max(last, event.id());
        }
        return bytes.toByteArray();
    }

    synchronized void close() {
        if (ended) {
            return;
        }
        ended = true;
        onEnd.accept(this);
        freePacker();
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The event stream had ended already", e);
        }
    }

    /** It has memory outside the heap. */
    private void freePacker() {
        try {
            if (gzip != null) {
                gzip.close();
            }
        } catch (IOException e) {
            LOG.debug("The end of a compressed stream was not written", e);
        }
    }

    @Override
    public void onWritePossible() {
        send();
    }

    @Override
    public void onError(Throwable reason) {
        LOG.debug("The reader of an event stream is gone: {}", reason.toString());
        close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
