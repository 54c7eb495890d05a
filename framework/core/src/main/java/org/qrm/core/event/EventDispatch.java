package org.qrm.core.event;

import java.util.IdentityHashMap;
import java.util.Map;
import org.qrm.api.event.EventListener;
import org.qrm.api.event.EventLog;

/** Tells listeners of events: each has a thread and a place in the log of its own. */
public final class EventDispatch implements AutoCloseable {

    private final EventLog log;
    private final Map<EventListener, EventFollower> followers = new IdentityHashMap<>();
    private boolean closed;

    public EventDispatch(EventLog log) {
        this.log = log;
    }

    /** A listener was registered: it hears what comes from now on. */
    public synchronized void arrived(EventListener listener) {
        if (!closed) {
            EventFollower follower = new EventFollower(log, listener);
            followers.put(listener, follower);
            follower.start();
        }
    }

    /** A listener was unregistered: it hears no more. */
    public synchronized void left(EventListener listener) {
        EventFollower follower = followers.remove(listener);
        if (follower != null) {
            follower.stop();
        }
    }

    /** There are new events. Returns at once. */
    public synchronized void wake() {
        followers.values().forEach(EventFollower::wake);
    }

    @Override
    public synchronized void close() {
        closed = true;
        followers.values().forEach(EventFollower::stop);
        followers.clear();
    }
}
