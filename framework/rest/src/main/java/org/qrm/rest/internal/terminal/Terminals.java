package org.qrm.rest.internal.terminal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.rest.internal.services.ApiServices;

/** The terminals that are open: few, each its opener's alone, and closed when nobody looks at them any more. */
@Component(service = Terminals.class)
public final class Terminals {

    static final int MOST = 16;
    static final int MOST_EACH = 4;
    private static final Duration UNREAD = Duration.ofSeconds(60);
    private static final Duration UNTYPED = Duration.ofMinutes(30);
    private static final long LOOK_SECONDS = 10;

    private final ApiServices services;
    private final Map<Long, OpenTerminal> open = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private final ScheduledExecutorService janitor = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "qrm-terminals");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public Terminals(@Reference ApiServices services) {
        this.services = services;
        janitor.scheduleWithFixedDelay(() -> closeLeft(UNREAD, UNTYPED), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Deactivate
    public void close() {
        janitor.shutdownNow();
        open.values().forEach(OpenTerminal::close);
    }

    /**
     * Opens a terminal on a machine.
     *
     * @throws QrmException REFUSED when too many are open; as {@link org.qrm.api.exec.RemoteCommands#openTerminal}
     */
    public synchronized OpenTerminal open(String user, long resource, int columns, int rows) {
        long own =
                open.values().stream().filter(each -> each.user().equals(user)).count();
        if (own >= MOST_EACH || open.size() >= MOST) {
            throw QrmException.refused(
                    "open a terminal on resource",
                    Long.toString(resource),
                    own >= MOST_EACH ? "you have " + own + " open" : open.size() + " are open",
                    "Close one first; those that nobody looks at close within a minute or so.");
        }
        long id = last.incrementAndGet();
        OpenTerminal terminal =
                new OpenTerminal(id, user, resource, services.remoteCommands().openTerminal(resource, columns, rows));
        open.put(id, terminal);
        return terminal;
    }

    /** @throws QrmException NOT_FOUND when it is not open, or somebody else's */
    public OpenTerminal find(String user, long id) {
        OpenTerminal terminal = open.get(id);
        if (terminal == null || !terminal.user().equals(user)) {
            throw QrmException.notFound("find terminal", "terminal", Long.toString(id));
        }
        return terminal;
    }

    /** @throws QrmException NOT_FOUND when it is not open, or somebody else's */
    public void close(String user, long id) {
        find(user, id).close();
        open.remove(id);
    }

    /** Closes those that nobody has read from, or typed at, for so long. */
    void closeLeft(Duration unread, Duration untyped) {
        open.values().removeIf(terminal -> {
            boolean left = terminal.isLeft(unread, untyped);
            if (left) {
                terminal.close();
            }
            return left;
        });
    }
}
