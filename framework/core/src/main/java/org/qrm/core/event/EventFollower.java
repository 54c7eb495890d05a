package org.qrm.core.event;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventListener;
import org.qrm.api.event.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener and its place in the log. */
final class EventFollower {

    private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
    private static final int BATCH = 200;

    /** How often it looks without being woken: for events that other servers store, and at gaps. */
    private static final long LOOK_MILLIS = 1_000;

    private final EventLog log;
    private final EventListener listener;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;
    private long place;
    private boolean complained;
    private boolean telling;

    EventFollower(EventLog log, EventListener listener) {
        this.log = log;
        this.listener = listener;
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

    /** Interrupts only the listener: the embedded database closes the connection of an interrupted thread. */
    void stop() {
        stopped = true;
        wake();
        synchronized (this) {
            if (telling) {
                thread.interrupt();
            }
        }
    }

    private synchronized boolean begin() {
        telling = !stopped;
        return telling;
    }

    private synchronized void end() {
        telling = false;
        Thread.interrupted();
    }

    private void follow() {
        while (!stopped) {
            List<Event> batch = batch();
            if (batch.isEmpty()) {
                rest();
            }
            for (Event event : batch) {
                if (!begin()) {
                    return;
                }
                tell(event);
                place = event.id();
            }
        }
    }

    private List<Event> batch() {
        try {
            return log.after(place, BATCH);
        } catch (RuntimeException failed) {
            if (!stopped) {
                LOG.warn("Could not read events for {}; trying again", listener.getClass(), failed);
            }
            return List.of();
        }
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

    private void tell(Event event) {
        try {
            listener.onEvent(event);
            complained = false;
        } catch (Throwable failed) { // whatever a plug-in throws, the next event is told
            if (!complained) {
                LOG.warn(
                        "{} failed on event {}; more of the same is not logged",
                        listener.getClass(),
                        event.id(),
                        failed);
            }
            complained = true;
        } finally {
            end();
        }
    }
}
