package org.qrm.core.subscription;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import javax.net.ssl.SSLContext;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;
import org.qrm.core.subscription.SubscriptionRows.Held;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends subscriptions their events, each its own one message at a time. What waits for a receiver waits in the log; a receiver that
 * is slow costs a connection. Of several servers on a database one delivers for a subscription, for as long as it holds it.
 */
public final class Deliveries implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** Events that are read at once, for each subscription. */
    private static final int BATCH = 50;

    /** Such batches that are read for more events of the same message, beyond the one with the first. */
    private static final int MOST_BEYOND = 20;

    /** How often it looks without being woken: for events that other servers store, and for what is tried again. */
    private static final long LOOK_MILLIS = 1_000;

    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 600_000;
    private static final int THREADS = 4;
    private static final int LONGEST_WORDS = 200;

    /** Longer than an attempt may take, and the little that is done before and after it. */
    private static final long HOLD_MILLIS = 60_000;

    /** How long a mail server may take, how long an event waits for others, and at most one mail in that time. */
    private static final Mailer.Pace MAIL =
            new Mailer.Pace(Duration.ofSeconds(40), Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** Attempts in a row that fail until it is asked whether the receiver would take anything else: two minutes. */
    static final int PROBED_AFTER = 8;

    private final Database database;
    private final EventLog log;
    private final Seal seal;
    private final String server;
    private final Clock clock;
    private final IntToLongFunction pause;
    private final ScheduledThreadPoolExecutor timer = timer();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, named());
    private final ExecutorService connections = Executors.newFixedThreadPool(THREADS, named());
    private final Names names;
    private final Channel webhooks;
    private final Channel mail;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private String origin;
    private final AtomicBoolean woken = new AtomicBoolean();

    /**
     * @param trusting whom to trust as receivers
     * @param server tells this server from others on the database
     * @param version of this server
     */
    public Deliveries(
            Database database,
            EventLog log,
            Seal seal,
            SSLContext trusting,
            String server,
            String version,
            Clock clock) {
        this(
                database,
                log,
                seal,
                trusting,
                server,
                version,
                clock,
                Deliveries::pauseAfter,
                ANSWER,
                MAIL,
                InetAddress::getAllByName);
    }

    /**
     * @param pause milliseconds until the next attempt, after so many that failed
     * @param answer for all of an answer
     * @param lookup finds hosts' addresses
     */
    Deliveries(
            Database database,
            EventLog log,
            Seal seal,
            SSLContext trusting,
            String server,
            String version,
            Clock clock,
            IntToLongFunction pause,
            Duration answer,
            Mailer.Pace mailing,
            Names.Lookup lookup) {
        this.database = database;
        this.log = log;
        this.seal = seal;
        this.server = server;
        this.clock = clock;
        this.pause = pause;
        this.names = new Names(lookup);
        this.webhooks = new Webhooks(trusting, names, connections, timer, this::origin, answer, clock, version);
        this.mail = new Mailer(trusting, names, timer, this::origin, clock, mailing);
    }

    /** What is over leaves nothing behind in it. */
    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    private static ThreadFactory named() {
        return task -> {
            Thread thread = new Thread(task, "qrm-subscriptions");
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Twice as long each time, and up to a quarter more, so that many do not come back at once. */
    static long pauseAfter(int attempts) {
        long base = FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 20);
        return Math.min(LONGEST_PAUSE_MILLIS, base + ThreadLocalRandom.current().nextLong(base / 4));
    }

    /** What a secret is sealed for. */
    static String place(String name) {
        return "secret of subscription " + name;
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** There may be something to be sent. Returns at once. */
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                timer.execute(this::look);
            } catch (RejectedExecutionException closed) {
                // it is sent after the next start
            }
        }
    }

    private void look() {
        woken.set(false);
        try {
            List<String> due = database.read(handle -> SubscriptionRows.due(handle, server, clock.millis()));
            for (String name : due) {
                if (underWay.add(name)) {
                    threads.execute(() -> begin(name));
                }
            }
        } catch (RejectedExecutionException closed) {
            // it is sent after the next start
        } catch (RuntimeException failed) {
            LOG.warn("Could not look for events that are to be sent; trying again", failed);
        }
    }

    private void begin(String name) {
        guarded(name, () -> {
            long now = clock.millis();
            Optional<Held> held = database.change(
                    change -> SubscriptionRows.take(change.handle(), name, server, now, now + HOLD_MILLIS));
            if (held.isPresent()) {
                next(held.get(), List.of(), held.get().place());
            } else {
                underWay.remove(name);
            }
        });
    }

    private void release(Held held) {
        database.change(change -> {
            SubscriptionRows.release(change.handle(), held);
            return null;
        });
        underWay.remove(held.name());
    }

    /**
     * Sends the next events, or reads on in the log until there are some.
     *
     * @param left of what was read
     * @param last event that was read, wanted or not
     */
    private void next(Held before, List<Event> left, long last) {
        Channel channel = channel(before.spec());
        int most = before.attempts() == 0 ? channel.most() : 1;
        Held held = before;
        List<Event> wanted = new ArrayList<>(left);
        long read = last;
        boolean more = true;
        int beyond = 0;
        while (more && wanted.size() < most && beyond < MOST_BEYOND) {
            List<Event> batch = log.after(read, BATCH);
            more = !batch.isEmpty();
            read = more ? batch.get(batch.size() - 1).id() : read;
            beyond += wanted.isEmpty() ? 0 : 1;
            batch.stream().filter(held::lets).forEach(wanted::add);
            if (wanted.isEmpty() && held.place() < read) {
                if (!pass(held, read)) {
                    underWay.remove(held.name());
                    return;
                }
                held = held.at(read);
            }
        }
        if (wanted.isEmpty()) {
            release(held);
        } else if (wanted.size() < most && isYoung(wanted.get(0), channel)) {
            rest(held, clock.millis() + channel.gathers().toMillis());
        } else {
            int now = Math.min(most, wanted.size());
            send(held, wanted.subList(0, now), wanted.subList(now, wanted.size()), read);
        }
    }

    /** Others of the same time may follow it. */
    private boolean isYoung(Event event, Channel channel) {
        return event.time().toEpochMilli() > clock.millis() - channel.gathers().toMillis();
    }

    private boolean pass(Held held, long read) {
        return database.change(
                change -> SubscriptionRows.pass(change.handle(), held, read, clock.millis() + HOLD_MILLIS));
    }

    /** It goes on then, and not before. */
    private void rest(Held held, long until) {
        database.change(change -> {
            SubscriptionRows.rest(change.handle(), held, until);
            return null;
        });
        underWay.remove(held.name());
    }

    private void send(Held held, List<Event> events, List<Event> left, long last) {
        then(held, events, outcome -> came(held, events, outcome, left, last));
    }

    private void then(Held held, List<Event> events, Consumer<Outcome> next) {
        send(held.spec(), held.sealed(), events)
                .whenCompleteAsync((outcome, impossible) -> guarded(held.name(), () -> next.accept(outcome)), threads);
    }

    private void came(Held held, List<Event> events, Outcome outcome, List<Event> left, long last) {
        if (outcome.accepted()) {
            taken(held, events, outcome, left, last);
        } else if (outcome.gone() || held.attempts() + 1 < PROBED_AFTER) {
            failed(held, outcome);
        } else if (keep(held)) {
            then(held, List.of(probe(held, events.get(0))), probed -> {
                if (probed.accepted() && keep(held)) {
                    then(held, events.subList(0, 1), again -> decided(held, events.get(0), again));
                } else {
                    failed(held, outcome);
                }
            });
        } else {
            underWay.remove(held.name());
        }
    }

    /** It takes others: whatever comes of this one now, it goes on with the next. */
    private void decided(Held held, Event event, Outcome again) {
        if (again.accepted()) {
            taken(held, List.of(event), again, List.of(), event.id());
        } else if (again.gone()) {
            failed(held, again);
        } else if (database.change(change ->
                SubscriptionRows.refused(change, held, event, again.failure(), clock.millis() + HOLD_MILLIS))) {
            next(held.taken(event.id()), List.of(), event.id());
        } else {
            underWay.remove(held.name());
        }
    }

    private void taken(Held held, List<Event> events, Outcome outcome, List<Event> left, long last) {
        long now = clock.millis();
        long event = events.get(events.size() - 1).id();
        long rests = channel(held.spec()).rests().toMillis();
        boolean still = database.change(
                change -> SubscriptionRows.taken(change, held, event, outcome.partly(), now, now + HOLD_MILLIS));
        if (!still) {
            underWay.remove(held.name());
        } else if (rests > 0) {
            rest(held, now + rests);
        } else {
            next(held.taken(event), left, last);
        }
    }

    private void failed(Held held, Outcome outcome) {
        long next = clock.millis() + pause.applyAsLong(held.attempts() + 1);
        database.change(change -> {
            if (outcome.gone()) {
                SubscriptionRows.disable(change, held, outcome.failure());
            } else {
                SubscriptionRows.failed(change, held, outcome.failure(), next);
            }
            return null;
        });
        underWay.remove(held.name());
    }

    /** For as long as one more attempt takes. */
    private boolean keep(Held held) {
        return database.change(change -> SubscriptionRows.keep(change.handle(), held, clock.millis() + HOLD_MILLIS));
    }

    /** Asks whether the receiver takes anything. */
    private Event probe(Held held, Event refused) {
        return unlogged(
                held.name(),
                "subscription.probe",
                "Subscription " + held.name() + " asks whether its receiver takes events: it has not taken event "
                        + refused.id() + " (" + refused.type() + ").");
    }

    /** An event that is in no log. */
    Event unlogged(String subscription, String type, String description) {
        return new Event(
                0,
                clock.instant(),
                Priority.INFO,
                "core",
                type,
                SubscriptionRows.subject(subscription),
                description,
                null,
                false,
                false);
    }

    private Channel channel(SubscriptionSpec spec) {
        return spec.mail() == null ? webhooks : mail;
    }

    /** Sends events in one message. What hinders that is an outcome, too. */
    CompletionStage<Outcome> send(SubscriptionSpec to, String sealed, List<Event> events) {
        try {
            String secret = sealed == null ? null : seal.open(place(to.name()), sealed);
            return channel(to).send(to, secret, events);
        } catch (IllegalArgumentException refused) {
            return CompletableFuture.completedFuture(Outcome.failed(0, "it cannot be sent anything"));
        } catch (QrmException unsealed) {
            return CompletableFuture.completedFuture(Outcome.failed(
                    0,
                    "its secret cannot be read: "
                            + Name.printable(unsealed.problem().reason(), LONGEST_WORDS)));
        }
    }

    /** What tells the events of this log from those of others. */
    synchronized String origin() {
        if (origin == null) {
            try {
                origin = database.change(change -> SubscriptionRows.origin(change.handle()));
            } catch (RuntimeException failed) {
                if (!Database.isConstraint(failed)) {
                    throw failed;
                }
                // another server was first
                origin = database.read(SubscriptionRows::origin);
            }
        }
        return origin;
    }

    /** What fails here is the database: it goes on with the next look. */
    private void guarded(String name, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failed) {
            underWay.remove(name);
            LOG.warn("Could not go on with subscription {}; trying again", name, failed);
        }
    }

    /**
     * What is under way is sent again after the next start, unless it was noted that its receiver has taken it. Interrupts
     * nobody: the embedded database closes the connection of an interrupted thread.
     */
    @Override
    public void close() {
        timer.shutdown();
        threads.shutdown();
        names.close();
        connections.shutdown();
        webhooks.close();
        mail.close();
        try {
            timer.awaitTermination(10, TimeUnit.SECONDS);
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
