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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Caller;
import org.qrm.commands.Words;
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
     * Opens a terminal.
     *
     * @param far opens what is at its other end
     * @throws QrmException REFUSED when too many are open; and as {@code far} does
     */
    public OpenTerminal open(OpenTerminal.Opening opening, Supplier<Terminal> far) {
        reserve(opening);
        Terminal opened = null;
        try {
            // takes as long as the machine takes, and holds nobody else up
            opened = far.get();
        } finally {
            if (opened == null) {
                arrived(opening, null);
            }
        }
        return arrived(opening, opened);
    }

    private synchronized OpenTerminal arrived(OpenTerminal.Opening made, Terminal far) {
        opening.remove(made.user());
        if (far == null) {
            return null;
        }
        OpenTerminal terminal = new OpenTerminal(last.incrementAndGet(), made, far);
        if (stopped) {
            terminal.close();
        } else {
            open.put(terminal.id(), terminal);
        }
        return terminal;
    }

    private synchronized void reserve(OpenTerminal.Opening wanted) {
        long own = Stream.concat(open.values().stream().map(OpenTerminal::user), opening.stream())
                .filter(wanted.user()::equals)
                .count();
        int all = open.size() + opening.size();
        if (own >= MOST_EACH || all >= MOST || stopped) {
            throw QrmException.refused(
                    "open a terminal on resource",
                    Long.toString(wanted.resource()),
                    own >= MOST_EACH ? "you have " + own + " open" : all + " are open",
                    "Close one first; those that nobody looks at close within a minute or so.");
        }
        opening.add(wanted.user());
    }

    /**
     * @param asks who it must be that opened it
     * @throws QrmException NOT_FOUND when it is not open, or somebody else's; FORBIDDEN when the caller has less than the
     *     role now that its opening needed
     */
    public OpenTerminal find(Caller asks, long id) {
        OpenTerminal terminal = open.get(id);
        if (terminal == null || !terminal.user().equals(asks.name())) {
            throw QrmException.notFound("find terminal", "terminal", Long.toString(id));
        }
        if (!asks.role().covers(terminal.role())) {
            throw new QrmException(new Problem(
                    Problem.Kind.FORBIDDEN,
                    "use terminal",
                    Long.toString(id),
                    "it needs the role " + Words.of(terminal.role()) + ", as its opening did",
                    "Ask somebody who has it."));
        }
        return terminal;
    }

    /** @throws QrmException as {@link #find} */
    public void close(Caller asks, long id) {
        find(asks, id).close();
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
