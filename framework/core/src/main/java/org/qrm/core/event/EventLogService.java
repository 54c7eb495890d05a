package org.qrm.core.event;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventFilter;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Cursor;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
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
    public Page<Event> list(EventFilter filter, PageRequest page) {
        Map<String, Object> values = new LinkedHashMap<>();
        String where = where(filter, values);
        values.put("before", Cursor.number(page, Long.MAX_VALUE));
        List<Event> rows = database.read(handle -> {
            Query query = handle.createQuery("select * from event where id < :before" + where
                    + " order by id desc fetch first " + (page.limit() + 1) + " rows only");
            values.forEach(query::bind);
            return query.map(EventRows.EVENT).list();
        });
        return Cursor.page(rows, page, event -> String.valueOf(event.id()));
    }

    private static String where(EventFilter filter, Map<String, Object> values) {
        StringJoiner where = new StringJoiner("");
        if (filter.atLeast() != null) {
            where.add(" and priority >= :priority");
            values.put("priority", filter.atLeast().ordinal());
        }
        equal(where, values, "source", filter.source());
        equal(where, values, "type", filter.type());
        equal(where, values, "subject", filter.subject());
        equal(where, values, "resource_id", filter.resource());
        equal(where, values, "acknowledged", filter.acknowledged());
        if (filter.afterId() != null) {
            where.add(" and id > :after");
            values.put("after", filter.afterId());
        }
        return where.toString();
    }

    private static void equal(StringJoiner where, Map<String, Object> values, String column, Object value) {
        if (value != null) {
            where.add(" and " + column + " = :" + column);
            values.put(column, value);
        }
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

    private static Event found(String attempted, Handle handle, long id) {
        return EventRows.find(handle, id)
                .orElseThrow(() -> QrmException.notFound(attempted, "event", String.valueOf(id)));
    }
}
