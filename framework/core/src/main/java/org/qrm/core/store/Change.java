package org.qrm.core.store;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.qrm.api.event.Priority;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transaction under way: rows change through its handle, events are stored with them. */
public final class Change {

    private static final Logger LOG = LoggerFactory.getLogger(Change.class);

    private final List<Runnable> after = new ArrayList<>();
    private final Runnable announceEvents;
    private boolean hasEvents;
    private Long whole;
    private Handle handle;

    Change(Runnable announceEvents) {
        this.announceEvents = announceEvents;
    }

    void begin(Handle open) {
        handle = open;
    }

    /** What changes rows. */
    public Handle handle() {
        return handle;
    }

    /** What is asked for by this change is a part of that operation. */
    public void isOf(long operation) {
        whole = operation;
    }

    /** The operation that what is asked for is a part of, or null. */
    public Long whole() {
        return whole;
    }

    /** Does something once the change is durable; not if it fails. What it throws is logged: the change has been made. */
    public void afterCommit(Runnable action) {
        after.add(action);
    }

    /** Stores an event of the core with this change. */
    public void event(Priority priority, String type, String subject, String description, Long resource) {
        EventRows.insert(this, priority, "core", type, subject, description, resource);
    }

    void hasEvents() {
        hasEvents = true;
    }

    void committed() {
        if (hasEvents) {
            announceEvents.run();
        }
        after.forEach(Change::run);
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException failed) {
            LOG.error("A change is made, but something that follows it failed", failed);
        }
    }
}
