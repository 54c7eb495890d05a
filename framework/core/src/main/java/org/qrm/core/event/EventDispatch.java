package org.qrm.core.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.qrm.api.event.EventListener;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.store.Change;
import org.qrm.core.store.OldEvents;

/** Tells listeners of events: each has a place in the log of its own, and waits for no other. What waits for one waits in the log. */
public final class EventDispatch implements AutoCloseable {

    /** What a listener may take for one event. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final EventLogService log;
    private final PluginCalls calls;
    private final Duration limit;
    private final Map<EventListener, EventFollower> followers = new IdentityHashMap<>();
    private boolean closed;

    public EventDispatch(EventLogService log, PluginCalls calls) {
        this(log, calls, LIMIT);
    }

    EventDispatch(EventLogService log, PluginCalls calls, Duration limit) {
        this.log = log;
        this.calls = calls;
        this.limit = limit;
    }

    /** A listener was registered: it hears what comes from now on. */
    public synchronized void arrived(EventListener listener) {
        if (!closed) {
            EventFollower follower = new EventFollower(log, listener, calls, limit);
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

    /** How many events each has not heard, by its class. */
    public Map<String, Long> waiting() {
        Map<String, Long> waiting = new HashMap<>();
        long newest = log.newest();
        synchronized (this) {
            followers.forEach((listener, follower) ->
                    waiting.merge(listener.getClass().getName(), Math.max(0, newest - follower.place()), Long::sum));
        }
        return waiting;
    }

    /** There are new events. Returns at once. */
    public synchronized void wake() {
        followers.values().forEach(EventFollower::wake);
    }

    /** In a change that forgets events: counts those that a listener has not heard. */
    public synchronized void forget(Change change, OldEvents old) {
        followers.values().forEach(follower -> follower.forget(change, old));
    }

    @Override
    public synchronized void close() {
        closed = true;
        followers.values().forEach(EventFollower::stop);
        followers.clear();
    }
}
