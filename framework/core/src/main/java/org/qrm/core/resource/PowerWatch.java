package org.qrm.core.resource;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks who switches machines whether they have power, in the background: whose turn it is says {@link PowerQueue}, what follows from the
 * answers {@link PowerConclusions}.
 */
public final class PowerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PowerWatch.class);
    private static final long PERIOD_MILLIS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final long LOOK_FOR_MACHINES = Duration.ofSeconds(30).toMillis();
    private static final long LOOK_FOR_SILENT = Duration.ofSeconds(5).toMillis();
    private static final long LONG_SILENT = Duration.ofMinutes(10).toMillis();
    private static final int SILENT_AT_ONCE = 100;
    private static final long AFTER_FAILURE = Duration.ofSeconds(5).toMillis();
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long NOBODY_TELLS = Duration.ofMinutes(5).toMillis();
    private static final int CANNOT_TELL = 5;
    private static final long NO_PLUGINS = Duration.ofMinutes(1).toMillis();

    private final Database database;
    private final ResourceRows rows;
    private final PowerControllers controllers;
    private final Supplier<? extends List<?>> plugins;
    private final PowerConclusions conclusions;
    private final PowerTurn turn;
    private final PowerQueue queue;
    private final boolean never;
    private final Duration limit;
    private final Clock clock;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "qrm-power-watch"));
    private final ThreadPoolExecutor threads = threads();

    /** Used by the timer alone. */
    private long lookForSilent;

    private long pausedUntil;
    private long withoutPlugins;
    private boolean forgotten;

    private final AtomicLong warned = new AtomicLong(System.nanoTime() - QUIET_NANOS);
    private volatile long lookForMachines;
    private volatile boolean closed;

    /**
     * @param plugins the power controllers of plug-ins that there are now; without any nothing is done
     * @param server who asks, among those that share the database
     * @param interval between two times that a machine is asked for, or longer; zero: nothing is asked
     */
    public PowerWatch(
            Database database,
            ResourceRows rows,
            PowerControllers controllers,
            Supplier<? extends List<?>> plugins,
            String server,
            Duration interval,
            Clock clock) {
        this(database, rows, controllers, plugins, server, interval, LIMIT, clock);
    }

    /** @param limit for one answer */
    PowerWatch(
            Database database,
            ResourceRows rows,
            PowerControllers controllers,
            Supplier<? extends List<?>> plugins,
            String server,
            Duration interval,
            Duration limit,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.controllers = controllers;
        this.plugins = plugins;
        this.conclusions = new PowerConclusions(database, rows, clock);
        this.turn = new PowerTurn(database, server, clock);
        this.queue = new PowerQueue(interval.toMillis(), clock.millis());
        this.never = interval.isZero();
        this.limit = limit;
        this.clock = clock;
        this.withoutPlugins = clock.millis();
        controllers.tell(new PowerControllers.Orders() {
            @Override
            public void begins(long machine) {
                conclusions.asked(machine, true);
            }

            @Override
            public void ended(long machine) {
                conclusions.asked(machine, false);
                soon(machine);
            }
        });
    }

    private static ThreadPoolExecutor threads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                PowerQueue.MOST,
                PowerQueue.MOST,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "qrm-power-watch-" + number.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    public void start() {
        if (!never) {
            timer.scheduleWithFixedDelay(this::round, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            timer.execute(() -> quietly(this::forgetAll));
        }
    }

    @Override
    public void close() {
        closed = true;
        // no interrupt: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
        threads.shutdown();
    }

    /** Something about its power has changed: it is asked for as soon as may be, and who is to be asked is looked up anew. */
    public void soon(long machine) {
        if (!queue.soon(machine)) {
            lookForMachines = 0;
        }
    }

    /** Asks for those whose turn it is, without waiting for the answers. */
    void round() {
        quietly(() -> {
            long now = clock.millis();
            if (now < pausedUntil || !hasPlugins(now)) {
                return;
            }
            if (!turn.isMine()) {
                queue.forget();
                lookForMachines = 0;
                return;
            }
            if (now >= lookForMachines) {
                lookForMachines = now + LOOK_FOR_MACHINES;
                queue.know(database.read(rows::powers), now);
            }
            if (now >= lookForSilent) {
                lookForSilent = now + LOOK_FOR_SILENT;
                askForSilent(now);
            }
            hand(queue.pick(now));
            conclusions.sumUp();
        });
    }

    private void quietly(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            pausedUntil = clock.millis() + AFTER_FAILURE;
            warn("Could not look after the power of machines; trying again", failed);
        }
    }

    /** Without a database it is the same for each machine: once a minute is enough. */
    private void warn(String what, RuntimeException failed) {
        long time = System.nanoTime();
        long last = warned.get();
        if (time - last >= QUIET_NANOS && warned.compareAndSet(last, time)) {
            LOG.warn(what, failed);
        }
    }

    /** Without plug-ins nothing is read or written, but what was told before is forgotten once. */
    private boolean hasPlugins(long now) {
        List<?> there = plugins.get();
        if (there.isEmpty()) {
            if (!forgotten && now - withoutPlugins >= NO_PLUGINS) {
                forgetAll();
            }
            return false;
        }
        withoutPlugins = now;
        forgotten = false;
        queue.plugins(there.stream().map(System::identityHashCode).collect(Collectors.toSet()), now);
        return true;
    }

    private void forgetAll() {
        queue.forget();
        lookForMachines = 0;
        conclusions.forgetAll();
        forgotten = true;
    }

    /** Idle machines that missed two reports: who switches them may know why, sooner than their silence counts. */
    private void askForSilent(long now) {
        Map<Long, Long> silent = database.read(
                handle -> rows.idleAndSilent(handle, now - LONG_SILENT, now - PowerConclusions.QUIET, SILENT_AT_ONCE));
        queue.silent(silent, PowerConclusions.QUIET, now);
    }

    /** For tests. */
    PowerQueue queue() {
        return queue;
    }

    private void hand(List<Watched> picked) {
        if (picked.isEmpty()) {
            return;
        }
        Map<Long, Resource> read = new HashMap<>();
        Set<Watched> left = new HashSet<>(picked);
        try {
            database.read(handle ->
                            rows.of(handle, picked.stream().map(each -> each.id).toList()))
                    .forEach(row -> read.put(row.id(), row.resource()));
            for (Watched each : picked) {
                Resource machine = read.get(each.id);
                if (machine != null) {
                    boolean known = each.controller != null;
                    threads.execute(() -> {
                        try {
                            ask(each, machine, known);
                        } finally {
                            queue.end(each);
                        }
                    });
                    left.remove(each);
                }
            }
        } catch (RejectedExecutionException closing) {
            LOG.debug("Closed", closing);
        } finally {
            left.forEach(queue::end);
        }
    }

    private void ask(Watched each, Resource machine, boolean known) {
        long started = clock.millis();
        long began = System.nanoTime();
        queue.asked(each, started);
        try {
            Optional<PowerControllers.Switch> who = controllers.telling(machine);
            if (who.isEmpty()) {
                queue.untold(each, null, started + NOBODY_TELLS);
                note(each, PowerState.UNKNOWN, "");
                conclusions.claimed(machine, List.of());
            } else if (!known) {
                conclusions.claimed(machine, controllers.claiming(machine));
                queue.found(each, who.get().who(), started);
            } else {
                PowerState said = who.get().state(limit);
                told(each, machine, said, started, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
        } catch (CancelledException ended) {
            LOG.debug("Not told whether {} has power: the server stops", machine.name(), ended);
        } catch (RuntimeException failed) {
            if (failed instanceof QrmException unanswered && !Database.wasLost(failed)) {
                failed(each, unanswered, known, started);
            } else {
                warn("Could not note whether " + machine.name() + " has power", failed);
                queue.again(each, started + queue.interval());
            }
        }
    }

    private void failed(Watched each, QrmException why, boolean known, long started) {
        boolean unknown = queue.failed(each, why.problem().kind(), started);
        if (known && unknown) {
            note(each, PowerState.UNKNOWN, why.problem().reason());
        }
    }

    private void told(Watched each, Resource machine, PowerState said, long started, long took) {
        queue.succeeded(each, said, started, took);
        if (said == PowerState.UNKNOWN) {
            queue.untold(each, each.controller, started + CANNOT_TELL * queue.interval());
            note(each, said, "");
        } else if (said == PowerState.OFF && conclusions.isContradicted(machine, each.offSince)) {
            note(each, PowerState.UNKNOWN, PowerConclusions.CONTRADICTED);
        } else if (!closed) {
            if (each.state != said || !each.problem.isEmpty()) {
                conclusions.told(machine.id(), each.state, said, each.told);
                each.state = said;
                each.problem = "";
            }
            each.told = started;
            if (said == PowerState.OFF
                    && conclusions.mayBeOff(machine)
                    && !conclusions.isOff(machine, each.offSince, started)) {
                queue.again(each, conclusions.lookAgain(machine, started));
            }
        }
    }

    private void note(Watched each, PowerState state, String problem) {
        if (!closed && (each.state != state || !each.problem.equals(problem))) {
            conclusions.note(each.id, state, problem);
            each.state = state;
            each.problem = problem;
        }
    }
}
