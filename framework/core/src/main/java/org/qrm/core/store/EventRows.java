package org.qrm.core.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.event.Alert;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.Priority;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;

/** The event table. */
public final class EventRows {

    /** What an {@link Event} is read from. */
    public static final RowMapper<Event> EVENT = (row, context) -> new Event(
            row.getLong("id"),
            Instant.ofEpochMilli(row.getLong("time")),
            Priority.values()[row.getInt("priority")],
            row.getString("source"),
            row.getString("type"),
            row.getString("subject"),
            row.getString("description"),
            nullableLong(row.getLong("resource_id"), row.wasNull()),
            row.getBoolean("acknowledged"),
            row.getBoolean("resolved"));

    /** The log as a list. */
    public static final Listing<Event, EventField> LISTING =
            new Listing<>("event", EVENT, EventField.ID, EventRows::column);

    /** How events are searched, the newest of them. */
    public static final Searched<Event> SEARCHED = new Searched<>(
            FoundKind.EVENT,
            "event",
            "event.*",
            EVENT,
            Place.number("id"),
            List.of(Place.text("subject"), Place.text("description"), Place.text("type")),
            "id desc",
            Searched.NEWEST,
            Found::of,
            event -> List.of(
                    new Said("number", Long.toString(event.id())),
                    new Said("subject", event.subject()),
                    new Said("description", event.description()),
                    new Said("sort", event.type())));

    /** Warnings and worse that are not over; few of all that was ever told. */
    private static final String OPEN = " from event" + Dialect.index("event_open")
            + " where resolved = false and priority >= " + Priority.WARNING.ordinal();

    private static final String UNSEEN = OPEN + " and acknowledged = false";

    private static final int EXAMPLES = 3;
    private static final int LOOKED_THROUGH = 500;

    private EventRows() {}

    private static Column<Event> column(EventField field) {
        return switch (field) {
            case ID -> Column.number("id", Event::id);
            case PRIORITY -> Column.number("priority", event -> event.priority().ordinal());
            case AT_LEAST -> Column.<Event>only("priority >= :value").byPlace();
            case SOURCE -> Column.only("source = :value");
            case TYPE -> Column.only("type = :value");
            case SUBJECT -> Column.text("subject", Event::subject);
            case RESOURCE -> Column.only("resource_id = :value");
            case ACKNOWLEDGED -> Column.only("acknowledged = :value");
            case RESOLVED -> Column.only("resolved = :value");
            case AFTER_ID -> Column.only("id > :value");
            case FROM -> Column.only("time >= :value");
            case TO -> Column.only("time < :value");
            case TEXT -> Column.contains("type", "subject", "description");
        };
    }

    /** Stores an event; returns its id. */
    public static long insert(
            Change change,
            Priority priority,
            String source,
            String type,
            String subject,
            String description,
            Long resource) {
        change.hasEvents();
        return change.handle()
                .createUpdate(
                        "insert into event (time, priority, source, type, subject, description, resource_id, acknowledged,"
                                + " resolved) values (:time, :priority, :source, :type, :subject, :description,"
                                + " :resource, false, false)")
                .bind("time", System.currentTimeMillis())
                .bind("priority", priority.ordinal())
                .bind("source", source)
                .bind("type", type)
                .bind("subject", Text.cut(subject, 120))
                .bind("description", Text.cut(description, 2000))
                .bind("resource", resource)
                .executeAndReturnGeneratedKeys()
                .mapTo(Long.class)
                .one();
    }

    /** The problem on that subject is over: its events of that type count as resolved. */
    public static void resolve(Handle handle, String type, String subject) {
        handle.createQuery("select id from event" + Dialect.index("event_subject")
                        + " where subject = :subject and type = :type and resolved = false")
                .bind("subject", subject)
                .bind("type", type)
                .mapTo(Long.class)
                .list()
                .forEach(id -> handle.execute("update event set resolved = true where id = ?", id));
    }

    /** Whether such a problem on that subject was told of and is not over. */
    public static boolean isOpen(Handle handle, String type, String subject) {
        return handle.createQuery("select id from event" + Dialect.index("event_subject")
                        + " where subject = :subject and type = :type and resolved = false fetch first 1 rows only")
                .bind("subject", subject)
                .bind("type", type)
                .mapTo(Long.class)
                .findOne()
                .isPresent();
    }

    /** What such problems that are not over are about; reads the whole table. */
    public static List<String> openSubjects(Handle handle, String type) {
        return handle.createQuery("select distinct subject from event where type = :type and resolved = false")
                .bind("type", type)
                .mapTo(String.class)
                .list();
    }

    /** How many warnings and worse there are of each type that are not over. */
    public static Map<String, Long> countOpen(Handle handle) {
        return handle.createQuery("select type, count(*) as number" + OPEN + " group by type")
                .map((row, context) -> Map.entry(row.getString("type"), row.getLong("number")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Warnings and worse that are not over and that nobody has seen, by type. */
    public static List<Alert> alerts(Handle handle) {
        Map<String, List<Event>> newest = handle
                .createQuery("select *" + UNSEEN + " order by id desc fetch first " + LOOKED_THROUGH + " rows only")
                .map(EVENT)
                .stream()
                .collect(Collectors.groupingBy(Event::type));
        return handle
                .createQuery(
                        "select type, max(priority) as priority, count(*) as events, count(distinct subject) as subjects,"
                                + " min(time) as since, max(id) as newest" + UNSEEN + " group by type")
                .map((row, context) -> new Trouble(
                        row.getString("type"),
                        Priority.values()[row.getInt("priority")],
                        row.getLong("events"),
                        row.getLong("subjects"),
                        Instant.ofEpochMilli(row.getLong("since")),
                        row.getLong("newest")))
                .list()
                .stream()
                .flatMap(trouble -> trouble.with(latest(handle, trouble, newest)).stream())
                .sorted(Comparator.comparing(Alert::priority)
                        .reversed()
                        .thenComparing(alert -> alert.newest().id(), Comparator.reverseOrder()))
                .toList();
    }

    /** Resources that unseen alerts of a type are about; of very many not all. */
    public static List<Long> machinesInTrouble(Handle handle, String type, int most) {
        return handle.createQuery("select distinct resource_id" + UNSEEN
                        + " and type = :type and resource_id is not null fetch first " + most + " rows only")
                .bind("type", type)
                .mapTo(Long.class)
                .list();
    }

    /** Of a type that others have more and newer events than, the one that is its newest. */
    private static List<Event> latest(Handle handle, Trouble trouble, Map<String, List<Event>> newest) {
        List<Event> found = newest.get(trouble.type);
        return found != null ? found : find(handle, trouble.newest).stream().toList();
    }

    private record Trouble(String type, Priority priority, long events, long subjects, Instant since, long newest) {

        /** @param latest of its events; when there is none any more it has gone meanwhile */
        Optional<Alert> with(List<Event> latest) {
            List<String> examples = latest.stream()
                    .map(Event::subject)
                    .distinct()
                    .limit(EXAMPLES)
                    .toList();
            return latest.stream()
                    .findFirst()
                    .map(last -> new Alert(type, priority, events, subjects, since, last, examples));
        }
    }

    /** Somebody has read all of one type up to that number; answers how many. */
    public static int acknowledge(Handle handle, String type, long upTo) {
        return handle.createUpdate("update event set acknowledged = true where id in (select id" + UNSEEN
                        + " and type = :type and id <= :upTo)")
                .bind("type", type)
                .bind("upTo", upTo)
                .execute();
    }

    /** Somebody has read it. */
    public static void acknowledge(Handle handle, long id) {
        handle.execute("update event set acknowledged = true where id = ?", id);
    }

    /** Forgets them; answers how many there were. */
    public static int forget(Handle handle, OldEvents old) {
        return old.bind(handle.createUpdate("delete from event where " + OldEvents.CONDITION))
                .execute();
    }

    /** One event. */
    public static Optional<Event> find(Handle handle, long id) {
        return handle.createQuery("select * from event where id = :id")
                .bind("id", id)
                .map(EVENT)
                .findOne();
    }

    static Long nullableLong(long value, boolean wasNull) {
        return wasNull ? null : value;
    }
}
