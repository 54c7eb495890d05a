package org.qrm.core.resource;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
 * Asks who switches machines whether they have power, one after the other, in the background. A bounded number is asked at a time, and in a
 * second: with many machines a round takes longer. Those that do not answer, or slowly, wait for each other, and not others for them.
 */
public final class PowerWatch implements AutoCloseable {

    /** At a time, in all; of one controller, so that half of the turns that ipmi and redfish have are left to operations. */
    static final int MOST = 32;

    static final int MOST_OF_ONE = 12;
    /** The same, of those that did not answer the last time, or slowly. */
    static final int MOST_DOUBTFUL = 4;
    /** Machines at a time for which it is looked up who could tell. */
    static final int MOST_LOOKUPS = 16;

    static final int A_SECOND = 20;
    static final int LOOKUPS_A_SECOND = 80;

    private static final Logger LOG = LoggerFactory.getLogger(PowerWatch.class);
    private static final long PERIOD_MILLIS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final long LOOK_FOR_MACHINES = Duration.ofSeconds(30).toMillis();
    private static final long LOOK_FOR_SILENT = Duration.ofSeconds(5).toMillis();
    private static final long LONG_SILENT = Duration.ofMinutes(10).toMillis();
    private static final int SILENT_AT_ONCE = 100;
    private static final long NOBODY_TELLS = Duration.ofMinutes(5).toMillis();
    private static final int CANNOT_TELL = 5;
    private static final long NO_PLUGINS = Duration.ofMinutes(1).toMillis();

    private final Database database;
    private final ResourceRows rows;
    private final PowerControllers controllers;
    private final Supplier<? extends List<?>> plugins;
    private final PowerConclusions conclusions;
    private final PowerTurn turn;
    private final long interval;
    private final Duration limit;
    private final Clock clock;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "qrm-power-watch"));
    private final ThreadPoolExecutor threads = threads();

    /** All below: guarded by this. */
    private final Map<Long, Watched> machines = new HashMap<>();

    private final Map<String, Integer> underWay = new HashMap<>();
    private int allUnderWay;
    private Set<Integer> pluginsBefore = Set.of();
    private final Allowance readings;
    private final Allowance lookups;
    private long told;

    /** Used by the timer alone. */
    private long lookForMachines;

    private long lookForSilent;
    private long withoutPlugins;
    private boolean forgotten;
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
        this.interval = interval.toMillis();
        this.limit = limit;
        this.clock = clock;
        this.readings = new Allowance(A_SECOND, clock.millis());
        this.lookups = new Allowance(LOOKUPS_A_SECOND, clock.millis());
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
                MOST,
                MOST,
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
        if (interval > 0) {
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
    public synchronized void soon(long machine) {
        Watched watched = machines.get(machine);
        if (watched != null) {
            watched.next = 0;
            watched.again = watched.underWay;
            watched.controller = null;
            watched.failures = 0;
            watched.doubtful = false;
        }
    }

    /** Asks for those whose turn it is, without waiting for the answers. */
    void round() {
        quietly(() -> {
            long now = clock.millis();
            if (!hasPlugins(now) || !turn.isMine()) {
                return;
            }
            if (now >= lookForMachines) {
                lookForMachines = now + LOOK_FOR_MACHINES;
                know(database.read(rows::powers), now);
            }
            if (now >= lookForSilent) {
                lookForSilent = now + LOOK_FOR_SILENT;
                askForSilent(now);
            }
            hand(pick(now));
            conclusions.sumUp();
        });
    }

    private static void quietly(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            LOG.warn("Could not look after the power of machines; trying again", failed);
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
        Set<Integer> these = there.stream().map(System::identityHashCode).collect(Collectors.toSet());
        synchronized (this) {
            if (!these.equals(pluginsBefore)) {
                pluginsBefore = these;
                machines.values().forEach(each -> {
                    each.controller = null;
                    each.next = Math.min(each.next, now);
                });
            }
        }
        return true;
    }

    private void forgetAll() {
        synchronized (this) {
            machines.clear();
            pluginsBefore = Set.of();
        }
        lookForMachines = 0;
        conclusions.forgetAll();
        forgotten = true;
    }

    private synchronized void know(List<ResourceRows.Power> all, long now) {
        Set<Long> there = new HashSet<>();
        all.forEach(each -> {
            there.add(each.id());
            machines.computeIfAbsent(each.id(), id -> new Watched(each, now));
        });
        machines.keySet().retainAll(there);
        told = machines.values().stream()
                .filter(each -> each.controller != null)
                .count();
    }

    /** How long it is between two times that the same machine is asked for. */
    synchronized long interval() {
        return Math.max(interval, told * 1000 / A_SECOND);
    }

    /** Idle machines that missed two reports: who switches them may know why, sooner than their silence counts. */
    private void askForSilent(long now) {
        Map<Long, Long> silent = database.read(
                handle -> rows.idleAndSilent(handle, now - LONG_SILENT, now - PowerConclusions.QUIET, SILENT_AT_ONCE));
        synchronized (this) {
            silent.forEach((id, seen) -> {
                Watched each = machines.get(id);
                boolean later = each != null && each.failures == 0 && each.asked < seen + PowerConclusions.QUIET;
                if (later && each.controller != null && each.next > now) {
                    each.next = now;
                }
            });
        }
    }

    private synchronized List<Watched> pick(long now) {
        readings.refill(now);
        lookups.refill(now);
        List<Watched> due = machines.values().stream()
                .filter(each -> !each.underWay && each.next <= now)
                .sorted(Comparator.comparingLong(each -> each.next))
                .toList();
        List<Watched> picked = new ArrayList<>();
        for (Watched each : due) {
            if (allUnderWay >= MOST) {
                break;
            }
            Allowance allowance = each.controller == null ? lookups : readings;
            int most = each.controller == null ? MOST_LOOKUPS : each.doubtful ? MOST_DOUBTFUL : MOST_OF_ONE;
            if (underWay.getOrDefault(each.lane(), 0) < most && allowance.take()) {
                begin(each);
                picked.add(each);
            }
        }
        return picked;
    }

    private void begin(Watched each) {
        each.underWay = true;
        each.turn = each.lane();
        underWay.merge(each.turn, 1, Integer::sum);
        allUnderWay++;
    }

    private synchronized void end(Watched each) {
        each.underWay = false;
        if (each.again) {
            each.again = false;
            each.next = 0;
        }
        underWay.computeIfPresent(each.turn, (same, number) -> number == 1 ? null : number - 1);
        allUnderWay--;
        notifyAll();
    }

    /** Waits until nobody is asked any more; for tests. */
    synchronized void awaitAnswers() throws InterruptedException {
        while (allUnderWay > 0) {
            wait();
        }
    }

    synchronized int underWay() {
        return allUnderWay;
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
                            end(each);
                        }
                    });
                    left.remove(each);
                }
            }
        } catch (RejectedExecutionException closing) {
            LOG.debug("Closed", closing);
        } finally {
            left.forEach(this::end);
        }
    }

    private void ask(Watched each, Resource machine, boolean known) {
        long started = clock.millis();
        long began = System.nanoTime();
        synchronized (this) {
            each.asked = started;
        }
        try {
            Optional<PowerControllers.Switch> who = controllers.telling(machine);
            if (who.isEmpty()) {
                nobodyTells(each, started);
            } else if (!known) {
                found(each, who.get().who(), started);
            } else {
                PowerState said = who.get().state(limit);
                told(each, machine, said, started, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
        } catch (QrmException failed) {
            failed(each, failed, known, started);
        } catch (CancelledException ended) {
            LOG.debug("Not told whether {} has power: the server stops", machine.name(), ended);
        } catch (RuntimeException failed) {
            LOG.warn("Could not note whether {} has power", machine.name(), failed);
            synchronized (this) {
                each.next = started + interval();
            }
        }
    }

    private synchronized void found(Watched each, String who, long started) {
        each.controller = who;
        each.next = started;
        told++;
    }

    private void nobodyTells(Watched each, long started) {
        synchronized (this) {
            each.controller = null;
            each.offSince = 0;
            each.next = started + NOBODY_TELLS;
        }
        note(each, PowerState.UNKNOWN, "");
    }

    private void failed(Watched each, QrmException why, boolean known, long started) {
        boolean unknown;
        synchronized (this) {
            unknown = each.failed(why.problem().kind(), started, interval());
        }
        if (known && unknown) {
            note(each, PowerState.UNKNOWN, why.problem().reason());
        }
    }

    private void told(Watched each, Resource machine, PowerState said, long started, long took) {
        long before;
        long off;
        synchronized (this) {
            each.succeeded(said, started, took);
            each.next = started + interval() + spread(each);
            before = each.told;
            off = each.offSince;
        }
        if (said == PowerState.UNKNOWN) {
            synchronized (this) {
                each.next = started + CANNOT_TELL * interval();
            }
            note(each, said, "");
            return;
        }
        if (said == PowerState.OFF && conclusions.isContradicted(machine, off)) {
            note(each, PowerState.UNKNOWN, PowerConclusions.CONTRADICTED);
            return;
        }
        if (each.state != said || !each.problem.isEmpty()) {
            if (closed) {
                return;
            }
            conclusions.told(machine.id(), each.state, said, before);
            each.state = said;
            each.problem = "";
        }
        if (said == PowerState.OFF && conclusions.mayBeOff(machine)) {
            boolean settled = conclusions.isOff(machine, off, started);
            synchronized (this) {
                if (!settled) {
                    each.next = conclusions.lookAgain(machine, started);
                }
            }
        }
        synchronized (this) {
            each.told = started;
        }
    }

    /** Machines that were found at the same time are not asked for at the same time for ever. */
    private long spread(Watched each) {
        return each.told == 0 ? -(each.id % 16) * interval() / 32 : 0;
    }

    private void note(Watched each, PowerState state, String problem) {
        if (!closed && (each.state != state || !each.problem.equals(problem))) {
            conclusions.note(each.id, state, problem);
            each.state = state;
            each.problem = problem;
        }
    }

    /** So many in a second, and no more than that at once. */
    private static final class Allowance {
        private final int each;
        private double left;
        private long at;

        Allowance(int each, long now) {
            this.each = each;
            this.at = now;
            this.left = each;
        }

        void refill(long now) {
            left = Math.min(each, left + Math.max(0, now - at) / 1000.0 * each);
            at = now;
        }

        boolean take() {
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }
}
