package org.qrm.core.subscription;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
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
import java.util.function.IntToLongFunction;
import javax.net.ssl.SSLContext;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventLog;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;
import org.qrm.core.subscription.SubscriptionRows.Held;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends subscriptions their events, each its own one at a time. What waits for a receiver waits in the log; a receiver that
 * is slow costs a connection. Of several servers on a database one delivers for a subscription, for as long as it holds it.
 */
public final class Deliveries implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** Events that are read at once, for each subscription. */
    private static final int BATCH = 50;

    /** How often it looks without being woken: for events that other servers store, and for what is tried again. */
    private static final long LOOK_MILLIS = 1_000;

    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 600_000;
    private static final int THREADS = 4;
    private static final int LONGEST_WORDS = 200;

    /** Longer than an answer may take, and the little that is done before and after it. */
    private static final long HOLD_MILLIS = 60_000;

    private final Database database;
    private final EventLog log;
    private final Seal seal;
    private final String server;
    private final Clock clock;
    private final IntToLongFunction pause;
    private final Sender sender;
    private final ScheduledThreadPoolExecutor timer = timer();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, named());
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
        this(database, log, seal, trusting, server, version, clock, Deliveries::pauseAfter, ANSWER);
    }

    /**
     * @param pause milliseconds until the next attempt, after so many that failed
     * @param answer for all of an answer
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
            Duration answer) {
        this.database = database;
        this.log = log;
        this.seal = seal;
        this.server = server;
        this.clock = clock;
        this.pause = pause;
        this.sender = new Sender(trusting, threads, timer, answer, clock, version);
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
                next(held.get(), Collections.emptyIterator(), held.get().place());
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
     * Sends the next event, or reads on in the log until there is one.
     *
     * @param batch what is left of what was read
     * @param last event that was read, wanted or not
     */
    private void next(Held before, Iterator<Event> batch, long last) {
        Held held = before;
        Iterator<Event> wanted = batch;
        long read = last;
        while (!wanted.hasNext()) {
            if (held.place() < read && !pass(held, read)) {
                underWay.remove(held.name());
                return;
            }
            held = held.at(read);
            List<Event> more = log.after(read, BATCH);
            if (more.isEmpty()) {
                release(held);
                return;
            }
            wanted = more.stream().filter(held::lets).iterator();
            read = more.get(more.size() - 1).id();
        }
        send(held, wanted.next(), wanted, read);
    }

    private boolean pass(Held held, long read) {
        return database.change(
                change -> SubscriptionRows.pass(change.handle(), held, read, clock.millis() + HOLD_MILLIS));
    }

    private void send(Held held, Event event, Iterator<Event> rest, long last) {
        send(URI.create(held.target()), CloudEvent.of(origin(), event), held.name(), held.sealed())
                .whenCompleteAsync(
                        (outcome, impossible) -> guarded(held.name(), () -> came(held, event, outcome, rest, last)),
                        threads);
    }

    private void came(Held held, Event event, Sender.Outcome outcome, Iterator<Event> rest, long last) {
        long now = clock.millis();
        if (!outcome.accepted()) {
            database.change(change -> {
                if (outcome.gone()) {
                    SubscriptionRows.disable(change, held, outcome.failure());
                } else {
                    SubscriptionRows.failed(
                            change, held, outcome.failure(), now + pause.applyAsLong(held.attempts() + 1));
                }
                return null;
            });
            underWay.remove(held.name());
        } else if (database.change(
                change -> SubscriptionRows.taken(change, held, event.id(), now, now + HOLD_MILLIS))) {
            next(held.taken(event.id()), rest, last);
        } else {
            underWay.remove(held.name());
        }
    }

    /** Sends one event, signed if there is a secret. What hinders that is an outcome, too. */
    CompletionStage<Sender.Outcome> send(URI target, CloudEvent event, String name, String sealed) {
        try {
            SigningKey key = sealed == null ? null : SigningKey.of("sign", name, seal.open(place(name), sealed));
            return sender.send(target, event, key);
        } catch (QrmException unsealed) {
            return CompletableFuture.completedFuture(new Sender.Outcome(
                    0,
                    "its secret cannot be read: "
                            + Name.printable(unsealed.problem().reason(), LONGEST_WORDS)));
        } catch (IllegalArgumentException refused) {
            return CompletableFuture.completedFuture(new Sender.Outcome(0, "it cannot be sent anything"));
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
        sender.close();
        try {
            timer.awaitTermination(10, TimeUnit.SECONDS);
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
