package org.qrm.core.event;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.event.Alert;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.OldEvents;
import org.qrm.core.store.Text;

/** The event log over the event table. */
public final class EventLogService implements EventLog {

    /**
     * Ids are given before a transaction commits, so an event can become visible after one with a greater id. Who
     * follows the log waits so long at a gap before taking it for an event that was never committed.
     */
    static final long GAP_MILLIS = 5_000;

    private static final int MOST_AT_ONCE = 1000;

    private final Database database;

    public EventLogService(Database database) {
        this.database = database;
    }

    @Override
    public Page<Event> list(Filter<EventField> filter, Sort<EventField> sort, PageRequest page) {
        return database.read(handle -> EventRows.LISTING.page(handle, filter, sort, page));
    }

    @Override
    public long count(Filter<EventField> filter, int most) {
        return database.glance(handle -> EventRows.LISTING.count(handle, filter, most));
    }

    @Override
    public List<Event> after(long id, int limit) {
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw QrmException.invalid(
                    "read events", "", "limit is " + limit, "Ask for 1 to " + MOST_AT_ONCE + " events.");
        }
        List<Event> rows = database.read(handle -> handle.createQuery(
                        "select * from event where id > :id order by id" + " fetch first " + limit + " rows only")
                .bind("id", id)
                .map(EventRows.EVENT)
                .list());
        return rows.subList(0, settled(id, rows, System.currentTimeMillis() - GAP_MILLIS));
    }

    /** How many of the rows no event can come before any more. */
    private static int settled(long after, List<Event> rows, long before) {
        long expected = after + 1;
        for (int i = 0; i < rows.size(); i++) {
            Event event = rows.get(i);
            if (event.id() != expected && event.time().toEpochMilli() > before) {
                return i;
            }
            expected = event.id() + 1;
        }
        return rows.size();
    }

    @Override
    public long newest() {
        return database.read(handle -> handle.createQuery("select coalesce(max(id), 0) from event")
                .mapTo(Long.class)
                .one());
    }

    /** How many of the old ones there are after that one. */
    static long count(Handle handle, long after, OldEvents old) {
        return old.bind(handle.createQuery("select count(*) from event where id > :after and " + OldEvents.CONDITION))
                .bind("after", after)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public Event record(
            Priority priority, String source, String type, String subject, String description, Long resource) {
        return database.change(change -> {
            long id = EventRows.insert(
                    change, priority, Text.cut(source, 63), Text.cut(type, 63), subject, description, resource);
            return found("record event", change.handle(), id);
        });
    }

    @Override
    public void resolve(String type, String subject) {
        database.change(change -> {
            EventRows.resolve(change.handle(), Text.cut(type, 63), Text.cut(subject, 120));
            return null;
        });
    }

    @Override
    public Event acknowledge(long id) {
        return database.change(change -> {
            EventRows.acknowledge(change.handle(), id);
            return found("acknowledge event", change.handle(), id);
        });
    }

    @Override
    public List<Alert> alerts() {
        return database.glance(handle -> EventRows.alerts(handle).stream()
                .map(alert -> alert.subjects() < Causes.LEAST ? alert : alert.with(Causes.of(handle, alert.type())))
                .toList());
    }

    @Override
    public long acknowledge(String type, long upTo, String by, String note) {
        return database.change(change -> {
            long events = EventRows.acknowledge(change.handle(), type, upTo);
            if (events > 0) {
                change.event(
                        Priority.INFO,
                        "alert.acknowledged",
                        "alert/" + type,
                        by + " has seen " + (events == 1 ? "an event" : events + " events") + " of " + type
                                + (note.isEmpty() ? "" : ": " + note),
                        null);
            }
            return events;
        });
    }

    private static Event found(String attempted, Handle handle, long id) {
        return EventRows.find(handle, id)
                .orElseThrow(() -> QrmException.notFound(attempted, "event", String.valueOf(id)));
    }
}
