package org.qrm.rest.internal.stream;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventListener;
import org.qrm.commands.ApiServices;

/**
 * The open streams of events. Each reads the stored log at its reader's pace, so a slow reader costs one batch of
 * memory and holds up nobody; a new event only wakes them.
 */
@Component(service = {EventStreams.class, EventListener.class})
public final class EventStreams implements EventListener {

    static final int MOST = 256;
    static final int MOST_OF_USER = 16;

    /** Each of them costs a quarter of a MiB. */
    static final int MOST_COMPRESSED = 64;

    /** Of a request whose sender takes gzip; the gate of HTTP sets it. */
    public static final String TAKES_GZIP = "org.qrm.http.gzip";

    private static final long HEARTBEAT_SECONDS = 15;

    private final ApiServices services;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final ScheduledExecutorService pacemaker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "qrm-event-streams");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public EventStreams(@Reference ApiServices services) {
        this.services = services;
        pacemaker.scheduleWithFixedDelay(this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    /** Shows each reader that the connection lives; ends the streams of those who may not read any more. */
    public void beat() {
        open.forEach(EventStream::beat);
    }

    @Deactivate
    public void close() {
        pacemaker.shutdownNow();
        open.forEach(EventStream::close);
    }

    @Override
    public void onEvent(Event event) {
        if (woken.compareAndSet(false, true)) {
            pacemaker.execute(() -> {
                woken.set(false);
                open.forEach(EventStream::send);
            });
        }
    }

    /**
     * Turns the request into a stream.
     *
     * @param afterId where to start unless the header Last-Event-ID says so; null for the next event
     * @param user who reads
     * @param standing whether its reader may still read; asked now and then
     * @throws QrmException INVALID for a malformed header; UNAVAILABLE with too many streams, of that user or in all
     */
    public void open(
            HttpServletRequest request,
            HttpServletResponse response,
            Long afterId,
            String user,
            BooleanSupplier standing)
            throws IOException {
        long after = start(request.getHeader("Last-Event-ID"), afterId);
        if (request.getMethod().equals("HEAD")) {
            answer(response, user);
        } else {
            added(request, response, after, user, standing).begin();
        }
    }

    /** Its head, unless there are as many as may be. */
    private void answer(HttpServletResponse response, String user) {
        long ofUser = open.stream().filter(stream -> stream.user().equals(user)).count();
        if (ofUser >= MOST_OF_USER || open.size() >= MOST) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "open event stream",
                    user,
                    ofUser >= MOST_OF_USER
                            ? ofUser + " streams of this user are open already"
                            : MOST + " streams are open already",
                    "Close one, or try again later."));
        }
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("X-Accel-Buffering", "no");
    }

    /** One at a time, so that no more are open than may be. */
    private synchronized EventStream added(
            HttpServletRequest request, HttpServletResponse response, long after, String user, BooleanSupplier standing)
            throws IOException {
        answer(response, user);
        boolean compressed = request.getAttribute(TAKES_GZIP) != null
                && open.stream().filter(EventStream::isCompressed).count() < MOST_COMPRESSED;
        if (compressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        EventStream stream =
                new EventStream(async, services::eventLog, after, user, standing, compressed, open::remove);
        open.add(stream);
        return stream;
    }

    /** How many are open. */
    public int count() {
        return open.size();
    }

    private long start(String lastEventId, Long afterId) {
        if (lastEventId == null || lastEventId.isEmpty()) {
            return afterId != null ? afterId : services.eventLog().newest();
        }
        try {
            return Long.parseLong(lastEventId);
        } catch (NumberFormatException e) {
            throw QrmException.invalid(
                    "open event stream",
                    Name.printable(lastEventId),
                    "the header Last-Event-ID is no number",
                    "Send the id of the last event that arrived, or leave the header out.");
        }
    }
}
