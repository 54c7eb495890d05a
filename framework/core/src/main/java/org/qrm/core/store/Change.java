package org.qrm.core.store;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.qrm.api.event.Priority;

/** A transaction under way: rows change through its handle, events are stored with them. */
public final class Change {

    private final List<Runnable> after = new ArrayList<>();
    private final Runnable announceEvents;
    private boolean hasEvents;
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

    /** Does something once the change is durable; not if it fails. Must not throw. */
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
        after.forEach(Runnable::run);
    }
}
