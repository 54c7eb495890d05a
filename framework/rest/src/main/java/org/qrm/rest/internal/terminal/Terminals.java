package org.qrm.rest.internal.terminal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.rest.internal.services.ApiServices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The terminals that are open: few, each its opener's alone, and closed when nobody looks at them any more. */
@Component(service = Terminals.class)
public final class Terminals {

    private static final Logger LOG = LoggerFactory.getLogger(Terminals.class);

    static final int MOST = 16;
    static final int MOST_EACH = 4;
    private static final Duration UNREAD = Duration.ofSeconds(60);
    private static final Duration UNTYPED = Duration.ofMinutes(30);
    private static final long LOOK_SECONDS = 10;

    private final ApiServices services;
    private final Map<Long, OpenTerminal> open = new ConcurrentHashMap<>();
    /** Users whose terminals are on their way. */
    private final List<String> opening = new ArrayList<>();

    private final AtomicLong last = new AtomicLong();
    private boolean stopped;
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
    public synchronized void close() {
        stopped = true;
        janitor.shutdownNow();
        open.values().forEach(terminal -> closeByItself(terminal, "this server stops"));
        open.clear();
    }

    /**
     * Opens a terminal on a machine.
     *
     * @throws QrmException REFUSED when too many are open; as {@link org.qrm.api.exec.RemoteCommands#openTerminal}
     */
    public OpenTerminal open(String user, long resource, int columns, int rows) {
        reserve(user, resource);
        RemoteCommands.Terminal shell = null;
        try {
            // takes as long as the machine takes, and holds nobody else up
            shell = services.remoteCommands().openTerminal(resource, columns, rows);
        } finally {
            if (shell == null) {
                arrived(user, resource, null);
            }
        }
        return arrived(user, resource, shell);
    }

    private synchronized OpenTerminal arrived(String user, long resource, RemoteCommands.Terminal shell) {
        opening.remove(user);
        if (shell == null) {
            return null;
        }
        OpenTerminal terminal = new OpenTerminal(last.incrementAndGet(), user, resource, shell);
        if (stopped) {
            terminal.close();
        } else {
            open.put(terminal.id(), terminal);
        }
        return terminal;
    }

    private synchronized void reserve(String user, long resource) {
        long own = Stream.concat(open.values().stream().map(OpenTerminal::user), opening.stream())
                .filter(user::equals)
                .count();
        int all = open.size() + opening.size();
        if (own >= MOST_EACH || all >= MOST || stopped) {
            throw QrmException.refused(
                    "open a terminal on resource",
                    Long.toString(resource),
                    own >= MOST_EACH ? "you have " + own + " open" : all + " are open",
                    "Close one first; those that nobody looks at close within a minute or so.");
        }
        opening.add(user);
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
                closeByItself(terminal, "nobody looked at it, or typed");
            }
            return left;
        });
    }

    /** Nobody has asked for it, so nobody else puts it down. */
    private void closeByItself(OpenTerminal terminal, String why) {
        try {
            terminal.close();
            services.auditLog().append(terminal.user(), "", "DELETE /terminals/" + terminal.id(), "", "closed: " + why);
        } catch (RuntimeException failed) {
            LOG.warn(
                    "Terminal {} of {} is closed ({}), which cannot be put down",
                    terminal.id(),
                    terminal.user(),
                    why,
                    failed);
        }
    }
}
