package org.qrm.core.event;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventListener;
import org.qrm.api.event.Priority;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.store.Change;
import org.qrm.core.store.OldEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener and its place in the log. That it falls behind, and what it did not hear, is told by an event until it has caught up. */
final class EventFollower {

    static final String TYPE = "listener.behind";

    /** So many events may wait for it before it is told. */
    static final int MANY = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
    private static final int BATCH = 200;

    /** How often it looks without being woken: for events that other servers store, and at gaps. */
    private static final long LOOK_MILLIS = 1_000;

    private final EventLogService log;
    private final EventListener listener;
    private final PluginCalls calls;
    private final Duration limit;
    private final String who;
    private final String subject;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean busy;
    private long place;
    private long missed;
    private boolean complained;
    /** Whether it returned from what it was told last. */
    private boolean hears = true;

    /** Whether the log may say that it falls behind: the server that ran before may have told it. */
    private boolean told = true;

    private boolean toldByThisServer;

    /** @param limit for one event; what takes longer counts as not heard */
    EventFollower(EventLogService log, EventListener listener, PluginCalls calls, Duration limit) {
        this.log = log;
        this.listener = listener;
        this.calls = calls;
        this.limit = limit;
        Bundle bundle = FrameworkUtil.getBundle(listener.getClass());
        String type = listener.getClass().getName();
        who = "event listener " + type + (bundle == null ? "" : " of bundle " + bundle.getSymbolicName());
        subject = "listener/" + type;
        thread = new Thread(this::follow, "qrm-events-" + listener.getClass().getSimpleName());
        thread.setDaemon(true);
    }

    void start() {
        place = log.newest();
        thread.start();
    }

    void wake() {
        news.release();
    }

    /** Ends also what it is told just now; this thread is not interrupted: the embedded database would close its connection. */
    void stop() {
        stopped = true;
        calls.gone(listener);
        wake();
    }

    /** They go with the change. */
    void forget(Change change, OldEvents old) {
        long from;
        synchronized (this) {
            from = place;
        }
        if (from < old.last()) {
            long lost = EventLogService.count(change.handle(), from, old);
            change.afterCommit(() -> miss(lost, old.areAll() ? old.last() : 0));
        }
    }

    private synchronized void miss(long events, long last) {
        missed += events;
        place = Math.max(place, last);
    }

    private void follow() {
        while (!stopped) {
            List<Event> batch = batch();
            if (batch.isEmpty()) {
                rest();
            }
            for (Event event : batch) {
                while (!stopped && event.id() > place() && (busy || !tell(event))) {
                    rest();
                }
            }
        }
    }

    private List<Event> batch() {
        try {
            List<Event> batch = log.after(place(), BATCH);
            if (batch.isEmpty() && hears) {
                caughtUp();
            } else if (batch.size() == BATCH && log.newest() - batch.get(0).id() > MANY) {
                fallsBehind("more than " + MANY + " events wait for it");
            }
            return batch;
        } catch (RuntimeException failed) {
            if (!stopped) {
                LOG.warn("Could not read events for {}; trying again", listener.getClass(), failed);
            }
            return List.of();
        }
    }

    synchronized long place() {
        return place;
    }

    private synchronized long missed() {
        return missed;
    }

    private void rest() {
        try {
            if (news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    /** False when it could not be called at all, and is to be told later. */
    private boolean tell(Event event) {
        try {
            Throwable thrown = calls.call(listener, who, limit, null, () -> heard(event));
            hears = true;
            complain(event, thrown);
            miss(0, event.id());
            return true;
        } catch (QrmException notHeard) {
            hears = false;
            if (stopped) {
                return true;
            }
            boolean late = notHeard.problem().kind() == Problem.Kind.TIMEOUT;
            if (late) {
                miss(1, event.id());
            }
            behind(notHeard.problem());
            return late;
        }
    }

    /** What it threw, which is its own affair; or null. Until it returns it is told nothing else. */
    private Throwable heard(Event event) {
        busy = true;
        try {
            listener.onEvent(event);
            return null;
        } catch (Throwable failed) { // whatever a plug-in throws, the next event is told
            return failed;
        } finally {
            busy = false;
            wake();
        }
    }

    private void complain(Event event, Throwable thrown) {
        if (thrown != null && !complained) {
            LOG.warn("{} failed on event {}; more of the same is not logged", listener.getClass(), event.id(), thrown);
        }
        complained = thrown != null;
    }

    private void behind(Problem why) {
        try {
            fallsBehind(why.reason());
        } catch (RuntimeException failed) {
            LOG.warn("The {} falls behind, which could not be told", who, failed);
        }
    }

    private void fallsBehind(String why) {
        if (!toldByThisServer) {
            log.resolve(TYPE, subject);
            log.record(
                    Priority.WARNING,
                    "core",
                    TYPE,
                    subject,
                    "The " + who + " falls behind: " + why + ". It has not heard " + missed()
                            + " events so far. What others hear and do goes on. Update that plug-in, or uninstall it.",
                    null);
            toldByThisServer = true;
            told = true;
        }
    }

    private void caughtUp() {
        if (told) {
            log.resolve(TYPE, subject);
            told = false;
            toldByThisServer = false;
            long lost = missed();
            if (lost > 0) {
                LOG.warn("The {} has caught up; it has not heard {} events", who, lost);
            }
        }
    }
}
