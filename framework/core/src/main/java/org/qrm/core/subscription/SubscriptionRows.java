package org.qrm.core.subscription;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.Delivery;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.Subscription;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;

/**
 * The table of subscriptions. Whoever delivers for one holds it, and changes nothing more when somebody else has taken it
 * (its fence).
 */
final class SubscriptionRows {

    static final String FAILING = "subscription.failing";
    static final String DISABLED = "subscription.disabled";
    static final String LOST = "subscription.events-lost";
    static final String RECOVERED = "subscription.recovered";

    /** Attempts in a row that fail until it is told. */
    static final int TOLD_AFTER = 3;

    /** The events of the log that one is still to be sent; the same as {@link Held#lets}. */
    private static final String WAITING = "e.id > s.place and e.priority >= s.at_least"
            + " and substr(e.type, 1, length(s.type_prefix)) = s.type_prefix"
            + " and (s.source = '' or e.source = s.source) and (s.subject = '' or e.subject = s.subject)"
            + " and e.subject <> 'subscription/' || s.name";

    /** What this server holds it may take again: it knows what it is at work on, and may have crashed. */
    private static final String FREE = " and (held_until <= :now or held_by = :server)";

    private static final String ALL =
            "select s.*, (select count(*) from event e where " + WAITING + ") as behind" + " from subscription s";

    private SubscriptionRows() {}

    /**
     * One that this server delivers for.
     *
     * @param place number of the event up to which all is done
     * @param sealed secret; null for none
     */
    record Held(String name, String target, EventFilter filter, String sealed, int attempts, long fence, long place) {

        /** What is about itself is not sent to it, or its own failures would fill the log. */
        boolean lets(Event event) {
            return filter.lets(event) && !event.subject().equals(subject(name));
        }

        Held at(long next) {
            return new Held(name, target, filter, sealed, attempts, fence, next);
        }

        Held taken(long event) {
            return new Held(name, target, filter, sealed, 0, fence, event);
        }
    }

    /** That of events about one. */
    static String subject(String name) {
        return "subscription/" + name;
    }

    private static EventFilter filter(ResultSet row) throws SQLException {
        return new EventFilter(
                Priority.values()[row.getInt("at_least")],
                row.getString("type_prefix"),
                row.getString("source"),
                row.getString("subject"));
    }

    private static Subscription subscription(ResultSet row) throws SQLException {
        boolean enabled = row.getBoolean("enabled");
        long delivered = row.getLong("delivered");
        int attempts = row.getInt("attempts");
        return new Subscription(
                new SubscriptionSpec(row.getString("name"), row.getString("target"), filter(row), enabled),
                row.getString("sealed") != null,
                new Delivery(
                        delivered == 0 ? null : delivered,
                        delivered == 0 ? null : Instant.ofEpochMilli(row.getLong("delivered_at")),
                        row.getLong("behind"),
                        row.getLong("lost"),
                        attempts,
                        row.getString("failure"),
                        attempts == 0 || !enabled ? null : Instant.ofEpochMilli(row.getLong("next_attempt"))));
    }

    static List<Subscription> all(Handle handle) {
        return handle.createQuery(ALL + " order by s.name")
                .map((row, context) -> subscription(row))
                .list();
    }

    static Optional<Subscription> find(Handle handle, String name) {
        return handle.createQuery(ALL + " where s.name = :name")
                .bind("name", name)
                .map((row, context) -> subscription(row))
                .findOne();
    }

    /** Keeps others from changing it until the transaction ends. */
    static Optional<Subscription> lock(Handle handle, String name) {
        handle.execute("update subscription set name = name where name = ?", name);
        return find(handle, name);
    }

    static int count(Handle handle) {
        return handle.createQuery("select count(*) from subscription")
                .mapTo(Integer.class)
                .one();
    }

    /** Beginning behind the newest event. */
    static void insert(Handle handle, SubscriptionSpec spec, String sealed) {
        bind(
                        handle,
                        "insert into subscription (name, target, at_least, type_prefix, source, subject, enabled, sealed,"
                                + " place, delivered, delivered_at, lost, attempts, failure, next_attempt, fence,"
                                + " held_until) values (:name, :target, :atLeast, :type, :source, :subject, :enabled,"
                                + " :sealed, (select coalesce(max(id), 0) from event), 0, 0, 0, 0, '', 0, 0, 0)",
                        spec)
                .bind("sealed", sealed)
                .execute();
    }

    /** Whoever is delivering delivers no more as it was. */
    static void update(Handle handle, SubscriptionSpec spec) {
        bind(
                        handle,
                        "update subscription set target = :target, at_least = :atLeast, type_prefix = :type,"
                                + " source = :source, subject = :subject, enabled = :enabled, next_attempt = 0,"
                                + " fence = fence + 1, held_until = 0 where name = :name",
                        spec)
                .execute();
        if (spec.enabled()) {
            List.of(DISABLED, LOST).forEach(type -> EventRows.resolve(handle, type, subject(spec.name())));
        }
    }

    private static Update bind(Handle handle, String statement, SubscriptionSpec spec) {
        return handle.createUpdate(statement)
                .bind("name", spec.name())
                .bind("target", spec.target())
                .bind("atLeast", spec.filter().atLeast().ordinal())
                .bind("type", spec.filter().type())
                .bind("source", spec.filter().source())
                .bind("subject", spec.filter().subject())
                .bind("enabled", spec.enabled());
    }

    static void seal(Handle handle, String name, String sealed) {
        handle.createUpdate("update subscription set sealed = :sealed, next_attempt = 0, fence = fence + 1,"
                        + " held_until = 0 where name = :name")
                .bind("sealed", sealed)
                .bind("name", name)
                .execute();
    }

    static Optional<String> sealed(Handle handle, String name) {
        return handle.createQuery("select sealed from subscription where name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    static void delete(Handle handle, String name) {
        handle.execute("delete from subscription where name = ?", name);
        List.of(FAILING, DISABLED, LOST).forEach(type -> EventRows.resolve(handle, type, subject(name)));
    }

    /** What tells the events of this log from those of others; made at the first call. */
    static String origin(Handle handle) {
        return handle.createQuery("select uuid from event_origin where id = 1")
                .mapTo(String.class)
                .findOne()
                .orElseGet(() -> {
                    String made = UUID.randomUUID().toString();
                    handle.execute("insert into event_origin (id, uuid) values (1, ?)", made);
                    return made;
                });
    }

    /** Names of those that may have something to be sent now. */
    static List<String> due(Handle handle, String server, long now) {
        return handle.createQuery("select name from subscription where enabled = true and next_attempt <= :now" + FREE
                        + " and place < (select coalesce(max(id), 0) from event) order by name")
                .bind("server", server)
                .bind("now", now)
                .mapTo(String.class)
                .list();
    }

    /** Takes one for this server, if nobody else was first. */
    static Optional<Held> take(Handle handle, String name, String server, long now, long until) {
        int taken = handle.createUpdate(
                        "update subscription set fence = fence + 1, held_by = :server, held_until = :until"
                                + " where name = :name and enabled = true and next_attempt <= :now" + FREE)
                .bind("server", server)
                .bind("until", until)
                .bind("name", name)
                .bind("now", now)
                .execute();
        return taken == 0
                ? Optional.empty()
                : handle.createQuery("select * from subscription where name = :name")
                        .bind("name", name)
                        .map((row, context) -> new Held(
                                row.getString("name"),
                                row.getString("target"),
                                filter(row),
                                row.getString("sealed"),
                                row.getInt("attempts"),
                                row.getLong("fence"),
                                row.getLong("place")))
                        .findOne();
    }

    /** All up to that event is done, none of it by being sent. Answers whether it is still held. */
    static boolean pass(Handle handle, Held held, long place, long until) {
        return handle.createUpdate("update subscription set place = :place, held_until = :until where name = :name"
                                + " and fence = :fence and place < :place")
                        .bind("place", place)
                        .bind("until", until)
                        .bind("name", held.name)
                        .bind("fence", held.fence)
                        .execute()
                == 1;
    }

    /** The receiver has taken an event. Answers whether it is still held. */
    static boolean taken(Change change, Held held, long event, long now, long until) {
        boolean still = change.handle()
                        .createUpdate("update subscription set place = :event, delivered = :event, delivered_at = :now,"
                                + " attempts = 0, failure = '', held_until = :until"
                                + " where name = :name and fence = :fence and place < :event")
                        .bind("event", event)
                        .bind("now", now)
                        .bind("until", until)
                        .bind("name", held.name)
                        .bind("fence", held.fence)
                        .execute()
                == 1;
        if (still && held.attempts > 0) {
            List.of(FAILING, LOST).forEach(type -> EventRows.resolve(change.handle(), type, subject(held.name)));
        }
        if (still && held.attempts >= TOLD_AFTER) {
            tell(change, Priority.INFO, RECOVERED, held.name, "takes events again.");
        }
        return still;
    }

    /** The receiver has not taken an event; it is tried again at that time. */
    static void failed(Change change, Held held, String failure, long next) {
        int attempts = held.attempts + 1;
        if (end(change.handle(), held, attempts, failure, next, true) && attempts == TOLD_AFTER) {
            tell(
                    change,
                    Priority.WARNING,
                    FAILING,
                    held.name,
                    "takes no events: " + failure + ". They wait in the log, and are sent when it does.");
        }
    }

    /** The receiver wants no more, ever. */
    static void disable(Change change, Held held, String failure) {
        if (end(change.handle(), held, held.attempts + 1, failure, 0, false)) {
            tell(
                    change,
                    Priority.WARNING,
                    DISABLED,
                    held.name,
                    "is disabled: " + failure
                            + ", which says that it wants no more events, ever. Enable it when it does.");
        }
    }

    private static boolean end(Handle handle, Held held, int attempts, String failure, long next, boolean enabled) {
        return handle.createUpdate("update subscription set attempts = :attempts, failure = :failure,"
                                + " next_attempt = :next, enabled = :enabled, held_until = 0"
                                + " where name = :name and fence = :fence")
                        .bind("attempts", attempts)
                        .bind("failure", failure)
                        .bind("next", next)
                        .bind("enabled", enabled)
                        .bind("name", held.name)
                        .bind("fence", held.fence)
                        .execute()
                == 1;
    }

    /** There is nothing to be sent now. */
    static void release(Handle handle, Held held) {
        handle.createUpdate("update subscription set held_until = 0 where name = :name and fence = :fence")
                .bind("name", held.name)
                .bind("fence", held.fence)
                .execute();
    }

    /** The log forgets its events up to that one: what was still to be sent of them is lost. */
    static void forget(Change change, long last) {
        Handle handle = change.handle();
        List<String> behind = handle.createQuery("select name from subscription where place < :last order by name")
                .bind("last", last)
                .mapTo(String.class)
                .list();
        for (String name : behind) {
            handle.createUpdate("update subscription set name = name where name = :name")
                    .bind("name", name)
                    .execute();
            long lost = handle.createQuery("select count(*) from event e, subscription s where s.name = :name"
                            + " and e.id <= :last and " + WAITING)
                    .bind("name", name)
                    .bind("last", last)
                    .mapTo(Long.class)
                    .one();
            handle.createUpdate("update subscription set place = :last, lost = lost + :lost where name = :name"
                            + " and place < :last")
                    .bind("last", last)
                    .bind("lost", lost)
                    .bind("name", name)
                    .execute();
            if (lost > 0 && !EventRows.isOpen(handle, LOST, subject(name))) {
                tell(
                        change,
                        Priority.WARNING,
                        LOST,
                        name,
                        "was not sent " + lost + " events before the log had to forget them; more may follow.");
            }
        }
    }

    private static void tell(Change change, Priority priority, String type, String name, String words) {
        change.event(priority, type, subject(name), "Subscription " + name + " " + words, null);
    }
}
