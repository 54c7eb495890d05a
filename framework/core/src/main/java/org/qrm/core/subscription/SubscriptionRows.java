package org.qrm.core.subscription;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.Delivery;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.MailAddresses;
import org.qrm.api.subscription.Subscription;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.OldEvents;

/**
 * The table of subscriptions. Whoever delivers for one holds it, and changes nothing more when somebody else has taken it
 * (its fence).
 */
final class SubscriptionRows {

    static final String FAILING = "subscription.failing";
    static final String DISABLED = "subscription.disabled";
    static final String LOST = "subscription.events-lost";
    static final String RECOVERED = "subscription.recovered";
    static final String REFUSED = "subscription.event-refused";
    static final String PARTLY = "subscription.recipient-refused";

    /** Attempts in a row that fail until it is told. */
    static final int TOLD_AFTER = 3;

    /** What this server holds it may take again: it knows what it is at work on, and may have crashed. */
    private static final String FREE = " and (held_until <= :now or held_by = :server)";

    /** Events that are looked at together. */
    private static final int BATCH = 1000;

    private SubscriptionRows() {}

    /**
     * One that this server delivers for.
     *
     * @param place number of the event up to which all is done
     * @param sealed secret; null for none
     */
    record Held(SubscriptionSpec spec, String sealed, int attempts, long fence, long place) {

        String name() {
            return spec.name();
        }

        boolean lets(Event event) {
            return SubscriptionRows.lets(spec, event);
        }

        Held at(long next) {
            return new Held(spec, sealed, attempts, fence, next);
        }

        Held taken(long event) {
            return new Held(spec, sealed, 0, fence, event);
        }
    }

    /** What is about itself is not sent to it, or its own failures would fill the log. */
    private static boolean lets(SubscriptionSpec spec, Event event) {
        return spec.filter().lets(event) && !event.subject().equals(subject(spec.name()));
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

    private static SubscriptionSpec spec(ResultSet row) throws SQLException {
        String sender = row.getString("sender");
        return new SubscriptionSpec(
                row.getString("name"),
                row.getString("target"),
                sender.isEmpty()
                        ? null
                        : new MailAddresses(
                                row.getString("login"),
                                sender,
                                List.of(row.getString("recipients").split(" "))),
                filter(row),
                row.getBoolean("enabled"));
    }

    /** A row, and what it is still to be sent, which is not in it. */
    private record Stored(SubscriptionSpec spec, boolean sealed, long place, Delivery delivery) {

        static Stored of(ResultSet row) throws SQLException {
            SubscriptionSpec spec = SubscriptionRows.spec(row);
            long delivered = row.getLong("delivered");
            int attempts = row.getInt("attempts");
            boolean waits = attempts > 0 && spec.enabled();
            return new Stored(
                    spec,
                    row.getString("sealed") != null,
                    row.getLong("place"),
                    new Delivery(
                            delivered == 0 ? null : delivered,
                            delivered == 0 ? null : Instant.ofEpochMilli(row.getLong("delivered_at")),
                            0,
                            row.getLong("lost"),
                            row.getLong("refused"),
                            attempts,
                            row.getString("failure"),
                            waits ? Instant.ofEpochMilli(row.getLong("next_attempt")) : null));
        }

        Subscription with(long behind) {
            return new Subscription(
                    spec,
                    sealed,
                    new Delivery(
                            delivery.event(),
                            delivery.time(),
                            behind,
                            delivery.lost(),
                            delivery.refused(),
                            delivery.attempts(),
                            delivery.failure(),
                            delivery.nextAttempt()));
        }
    }

    static List<Subscription> all(Handle handle) {
        return whole(
                handle,
                handle.createQuery("select * from subscription order by name")
                        .map((row, context) -> Stored.of(row))
                        .list());
    }

    static Optional<Subscription> find(Handle handle, String name) {
        return whole(handle, stored(handle, name)).stream().findFirst();
    }

    private static List<Stored> stored(Handle handle, String name) {
        return handle.createQuery("select * from subscription where name = :name")
                .bind("name", name)
                .map((row, context) -> Stored.of(row))
                .list();
    }

    private static List<Subscription> whole(Handle handle, List<Stored> all) {
        Map<String, Long> waiting = waiting(handle, all, OldEvents.upTo(Long.MAX_VALUE));
        return all.stream()
                .map(each -> each.with(waiting.getOrDefault(each.spec.name(), 0L)))
                .toList();
    }

    /** How many of these events of the log each is still to be sent: one way through the log for all. */
    private static Map<String, Long> waiting(Handle handle, List<Stored> all, OldEvents some) {
        Map<String, Long> counts = new HashMap<>();
        long from = all.stream().mapToLong(Stored::place).min().orElse(Long.MAX_VALUE);
        while (from < some.last()) {
            List<Event> events = some.bind(handle.createQuery(
                            "select id, priority, source, type, subject from event where id > :from and "
                                    + OldEvents.CONDITION + " order by id fetch first " + BATCH + " rows only"))
                    .bind("from", from)
                    .map((row, context) -> new Event(
                            row.getLong("id"),
                            Instant.EPOCH,
                            Priority.values()[row.getInt("priority")],
                            row.getString("source"),
                            row.getString("type"),
                            row.getString("subject"),
                            "",
                            null,
                            false,
                            false))
                    .list();
            for (Event event : events) {
                all.stream()
                        .filter(each -> event.id() > each.place && lets(each.spec, event))
                        .forEach(each -> counts.merge(each.spec.name(), 1L, Long::sum));
            }
            from = events.size() < BATCH
                    ? some.last()
                    : events.get(events.size() - 1).id();
        }
        return counts;
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
                        "insert into subscription (name, target, login, sender, recipients, at_least, type_prefix, source,"
                                + " subject, enabled, sealed, place, delivered, delivered_at, lost, refused, attempts,"
                                + " failure, next_attempt, fence, held_until) values (:name, :target, :login, :sender,"
                                + " :recipients, :atLeast, :type, :source, :subject, :enabled, :sealed,"
                                + " (select coalesce(max(id), 0) from event), 0, 0, 0, 0, 0, '', 0, 0, 0)",
                        spec)
                .bind("sealed", sealed)
                .execute();
    }

    /**
     * Whoever is delivering delivers no more as it was.
     *
     * @param keepSecret whether its secret stays
     */
    static void update(Handle handle, SubscriptionSpec spec, boolean keepSecret) {
        bind(
                        handle,
                        "update subscription set target = :target, login = :login, sender = :sender,"
                                + " recipients = :recipients,"
                                + (keepSecret ? "" : " sealed = null,")
                                + " at_least = :atLeast, type_prefix = :type,"
                                + " source = :source, subject = :subject, enabled = :enabled, next_attempt = 0,"
                                + " fence = fence + 1, held_until = 0 where name = :name",
                        spec)
                .execute();
        if (spec.enabled()) {
            List.of(DISABLED, LOST, REFUSED).forEach(type -> EventRows.resolve(handle, type, subject(spec.name())));
        }
    }

    private static Update bind(Handle handle, String statement, SubscriptionSpec spec) {
        Optional<MailAddresses> mail = Optional.ofNullable(spec.mail());
        return handle.createUpdate(statement)
                .bind("name", spec.name())
                .bind("target", spec.target())
                .bind("login", mail.map(MailAddresses::login).orElse(""))
                .bind("sender", mail.map(MailAddresses::sender).orElse(""))
                .bind(
                        "recipients",
                        mail.map(it -> String.join(" ", it.recipients())).orElse(""))
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
        List.of(FAILING, DISABLED, LOST, REFUSED, PARTLY)
                .forEach(type -> EventRows.resolve(handle, type, subject(name)));
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
                                spec(row),
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
                        .bind("name", held.name())
                        .bind("fence", held.fence)
                        .execute()
                == 1;
    }

    /** It is held until then. Answers whether it is still held. */
    static boolean keep(Handle handle, Held held, long until) {
        return handle.createUpdate("update subscription set held_until = :until where name = :name and fence = :fence")
                        .bind("until", until)
                        .bind("name", held.name())
                        .bind("fence", held.fence)
                        .execute()
                == 1;
    }

    /** There is nothing to be sent before then. */
    static void rest(Handle handle, Held held, long until) {
        handle.createUpdate("update subscription set held_until = 0, next_attempt = :until"
                        + " where name = :name and fence = :fence")
                .bind("until", until)
                .bind("name", held.name())
                .bind("fence", held.fence)
                .execute();
    }

    /**
     * The receiver has taken all up to that event. Answers whether it is still held.
     *
     * @param partly who of the recipients of a mail does not get it, and why; or empty
     */
    static boolean taken(Change change, Held held, long event, String partly, long now, long until) {
        boolean still = change.handle()
                        .createUpdate("update subscription set place = :event, delivered = :event, delivered_at = :now,"
                                + " attempts = 0, failure = '', held_until = :until"
                                + " where name = :name and fence = :fence and place < :event")
                        .bind("event", event)
                        .bind("now", now)
                        .bind("until", until)
                        .bind("name", held.name())
                        .bind("fence", held.fence)
                        .execute()
                == 1;
        if (still) {
            recovered(change, held);
            tellPartly(change, held, partly);
        }
        return still;
    }

    private static void recovered(Change change, Held held) {
        if (held.attempts > 0) {
            List.of(FAILING, LOST).forEach(type -> EventRows.resolve(change.handle(), type, subject(held.name())));
        }
        if (held.attempts >= TOLD_AFTER) {
            tell(change, Priority.INFO, RECOVERED, held.name(), "takes events again.");
        }
    }

    private static void tellPartly(Change change, Held held, String partly) {
        boolean open = held.spec.mail() != null && EventRows.isOpen(change.handle(), PARTLY, subject(held.name()));
        if (partly.isEmpty() && open) {
            EventRows.resolve(change.handle(), PARTLY, subject(held.name()));
        } else if (!partly.isEmpty() && !open) {
            tell(change, Priority.WARNING, PARTLY, held.name(), "reaches not all of its recipients: " + partly);
        }
    }

    /** The receiver takes others, but not that one: it is passed over. Answers whether it is still held. */
    static boolean refused(Change change, Held held, Event event, String failure, long until) {
        boolean still = change.handle()
                        .createUpdate("update subscription set place = :event, refused = refused + 1, attempts = 0,"
                                + " failure = '', held_until = :until"
                                + " where name = :name and fence = :fence and place < :event")
                        .bind("event", event.id())
                        .bind("until", until)
                        .bind("name", held.name())
                        .bind("fence", held.fence)
                        .execute()
                == 1;
        if (still) {
            EventRows.resolve(change.handle(), FAILING, subject(held.name()));
            tell(
                    change,
                    Priority.WARNING,
                    REFUSED,
                    held.name(),
                    "was not sent event " + event.id() + " (" + event.type()
                            + "), since its receiver takes others and not" + " that one: " + failure
                            + ". It goes on with the next.");
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
                    held.name(),
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
                    held.name(),
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
                        .bind("name", held.name())
                        .bind("fence", held.fence)
                        .execute()
                == 1;
    }

    /** There is nothing to be sent now. */
    static void release(Handle handle, Held held) {
        handle.createUpdate("update subscription set held_until = 0 where name = :name and fence = :fence")
                .bind("name", held.name())
                .bind("fence", held.fence)
                .execute();
    }

    /** How many events there are behind the place of each that is enabled. */
    static Map<String, Long> waiting(Handle handle) {
        long newest = handle.createQuery("select coalesce(max(id), 0) from event")
                .mapTo(Long.class)
                .one();
        return handle.createQuery("select name, place from subscription where enabled = true")
                .map((row, context) -> Map.entry(row.getString("name"), Math.max(0, newest - row.getLong("place"))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The log forgets these events: what was still to be sent of them is lost. */
    static void forget(Change change, OldEvents old) {
        Handle handle = change.handle();
        List<Stored> behind = handle.createQuery("select * from subscription where place < :last order by name")
                .bind("last", old.last())
                .map((row, context) -> Stored.of(row))
                .list();
        for (Stored each : behind) {
            forget(change, each.spec.name(), old);
        }
    }

    private static void forget(Change change, String name, OldEvents old) {
        Handle handle = change.handle();
        handle.execute("update subscription set name = name where name = ?", name);
        long lost = waiting(handle, stored(handle, name), old).getOrDefault(name, 0L);
        handle.createUpdate("update subscription set lost = lost + :lost where name = :name and place < :last")
                .bind("last", old.last())
                .bind("lost", lost)
                .bind("name", name)
                .execute();
        if (old.areAll()) {
            handle.execute(
                    "update subscription set place = ? where name = ? and place < ?", old.last(), name, old.last());
        }
        if (lost > 0 && !EventRows.isOpen(handle, LOST, subject(name))) {
            tell(
                    change,
                    Priority.WARNING,
                    LOST,
                    name,
                    "was not sent " + lost + " events before the log had to forget them; more may follow.");
        }
    }

    private static void tell(Change change, Priority priority, String type, String name, String words) {
        change.event(priority, type, subject(name), "Subscription " + name + " " + words, null);
    }
}
