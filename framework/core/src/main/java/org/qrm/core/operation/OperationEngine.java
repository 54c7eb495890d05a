package org.qrm.core.operation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.qrm.api.metric.Metrics;
import org.qrm.api.operation.Operation;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out operations: each lane (a resource, a virtual environment) one at a time in the order of asking, steps in
 * order, from wherever a crash left them.
 *
 * <p>A server holds an operation by a lease that it renews; each taking raises the row's fence, and every change that a
 * step makes is conditional on it.
 */
public final class OperationEngine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperationEngine.class);
    private static final int THREADS = 64;
    /** For parts of others: however many hang in a plug-in, what somebody asks for alone has its turn. */
    private static final int THREADS_OF_PARTS = 32;

    static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final int PAGE = 1000;

    private final Database database;
    private final String server;
    private final Map<String, OperationKind> kinds = new ConcurrentHashMap<>();
    private final Map<Long, Runner> runners = new ConcurrentHashMap<>();
    private final Map<String, Set<Long>> listening = new ConcurrentHashMap<>();
    /** Those that this server began or took up, and that have not ended. */
    private final Set<Long> begun = ConcurrentHashMap.newKeySet();

    private final Consumer<Step> beforeStep;
    private volatile BiConsumer<Change, Collection<String>> whenFree = (change, lanes) -> {};
    private final Map<Long, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads = threads(THREADS, "operation");
    private final ThreadPoolExecutor threadsOfParts = threads(THREADS_OF_PARTS, "operation-part");
    private final ScheduledThreadPoolExecutor timer;
    private final Pauses pauses;
    private final InstantSource clock;
    private volatile OperationFigures figures = new OperationFigures(Metrics.NONE);
    private volatile Instant lastLook = Instant.now();
    /** Those up to this id are not carried out, unless somebody cancels them. */
    private volatile long waiting;

    /** @param server identity of this server among those that share the database */
    public OperationEngine(Database database, String server) {
        this(database, server, step -> {});
    }

    /** @param beforeStep hears of each step, on the thread that is about to run it */
    public OperationEngine(Database database, String server, Consumer<Step> beforeStep) {
        this(database, server, beforeStep, InstantSource.system(), System::nanoTime);
    }

    /**
     * @param clock what deadlines are told by
     * @param nanos a clock that nobody sets
     */
    OperationEngine(
            Database database, String server, Consumer<Step> beforeStep, InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.pauses = new Pauses(SWEEP.multipliedBy(3), nanos, clock::millis);
        this.database = database;
        this.server = server;
        this.beforeStep = beforeStep;
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "operation-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadPoolExecutor threads(int most, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon(task, name));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Has what is carried out measured from now on. */
    public void measure(Metrics metrics) {
        figures = OperationFigures.in(metrics, List.of(threads, threadsOfParts));
    }

    /** Makes a kind known. All are to be known before {@link #start}. */
    public void add(OperationKind kind) {
        kinds.put(kind.name(), kind);
    }

    /**
     * Has somebody hear of each operation that ends, in the transaction that ends it: nothing that happens on its lanes falls between
     * who waits for the end and the end.
     *
     * @param heard is given the lanes; others may wait on them
     */
    public void whenFree(BiConsumer<Change, Collection<String>> heard) {
        whenFree = heard;
    }

    /** Takes over what a crash left, and carries it out. */
    public void start() {
        takeOver();
        carryOut();
    }

    /** Takes what a crash left, before anything is asked for. */
    public void takeOver() {
        // whoever held them is dead: with the embedded database any server, else what was this one before
        // how long he is stays in the rows, and is not to be renewed as if they had been held all the time
        String whose = database.shared() ? " and claimed_by = :server" : "";
        database.change(change -> change.handle()
                .createUpdate("update operation set claimed_by = null where state in ('QUEUED', 'RUNNING')" + whose)
                .bindMap(database.shared() ? Map.of("server", server) : Map.of())
                .execute());
    }

    /** Leaves what is there to a later start; what is asked for from now on is carried out. */
    public void leaveWhatIsThere() {
        waiting = database.read(OperationRows::newest);
    }

    /** Carries out what is there, and what another server leaves. What is asked for here is begun at once, even before. */
    public void carryOut() {
        timer.scheduleWithFixedDelay(this::sweep, 0, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Asks for an operation as part of a change; it starts when the change is durable.
     *
     * @param parameters the record that the kind's steps read again, {@link Work#parameters}
     * @param lanes what it needs for itself: {@code virtual-environment/web1}, {@code resource/17}
     * @return its id
     */
    public long submit(Change change, String kind, String subject, Record parameters, Collection<String> lanes) {
        List<String> steps = kind(kind).steps().stream().map(Step::name).toList();
        Handle handle = change.handle();
        // with nothing before it on its lanes it is taken by who asks: one transaction less than taking it later
        boolean mine = lanes.stream().allMatch(lane -> onLane(handle, lane).isEmpty());
        OperationRow row = mine
                ? OperationRow.claimed(kind, subject, parameters, steps, server)
                : OperationRow.queued(kind, subject, parameters, steps);
        long id = OperationRows.insert(handle, row, leaseEnd(), lanes);
        change.afterCommit(mine ? () -> adopt(row.stored(id, change.whole()), lanes) : () -> schedule(id));
        return id;
    }

    /**
     * Changes something that asks for an operation, and answers that as it is with the change: whoever asked is told of it whatever becomes
     * of the database then.
     *
     * @param asking answers the operation's id
     */
    public Operation asked(Function<Change, Long> asking) {
        return database.change(change -> {
            OperationRow row =
                    OperationRows.find(change.handle(), asking.apply(change)).orElseThrow();
            return row.toOperation(row.progress());
        });
    }

    /** Takes up an operation that is this server's from the beginning. */
    void adopt(OperationRow taken, Collection<String> lanes) {
        if (!threads.isShutdown()) {
            runners.computeIfAbsent(taken.id(), id -> new Runner(this, taken, List.copyOf(lanes)));
        }
        schedule(taken.id());
    }

    /** The operations that have not ended on a lane, oldest first. */
    public List<Long> onLane(Handle handle, String lane) {
        return OperationRows.onLane(handle, lane);
    }

    /** The parameters of the newest operation of a kind that has not ended on a lane. */
    public <P extends Record> Optional<P> newest(Handle handle, String lane, String kind, Class<P> parameters) {
        return onLane(handle, lane).stream()
                .flatMap(id -> OperationRows.find(handle, id).stream())
                .filter(row -> row.kind().equals(kind))
                .reduce((older, newer) -> newer)
                .map(row -> Parameters.read(row.parameters(), parameters));
    }

    /** Something on that lane has changed: what waits on it looks again. Cheap; call it after the commit. */
    public void poke(String lane) {
        Set<Long> ids = listening.get(lane);
        if (ids != null) {
            ids.forEach(this::schedule);
        }
    }

    /** Asks an operation to end; false when it has ended. */
    public boolean cancel(long id) {
        boolean asked = database.change(change -> OperationRows.requestCancel(change.handle(), id)) == 1;
        if (asked) {
            // before it is woken: a step that looks again without knowing would rest for as long as before
            Runner runner = runners.get(id);
            if (runner != null) {
                runner.cancel();
            }
            schedule(id);
        }
        return asked;
    }

    @Override
    public void close() {
        // no interrupts: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
        runners.values().forEach(Runner::cancelForShutdown);
        threads.shutdown();
        threadsOfParts.shutdown();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            boolean ended = threads.awaitTermination(10, TimeUnit.SECONDS)
                    & threadsOfParts.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (!ended) {
                LOG.warn("Operations were still at work after 10 s; they go on at the next start");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops without a word to anybody, as if the process had been killed. */
    public void abandon() {
        timer.shutdownNow();
        runners.values().forEach(Runner::cancelForShutdown);
        threads.shutdown();
        threadsOfParts.shutdown();
    }

    Consumer<Step> beforeStep() {
        return beforeStep;
    }

    BiConsumer<Change, Collection<String>> whenFree() {
        return whenFree;
    }

    OperationFigures figures() {
        return figures;
    }

    Instant now() {
        return clock.instant();
    }

    /** Time in which this server did nothing, or that nobody lived through, is nobody's time. */
    synchronized void noticePause() {
        pauses.look().ifPresent(pause -> {
            LOG.warn("{}; no operation's time is shorter for that", pause.told());
            runners.values().forEach(runner -> runner.postpone(pause.length()));
        });
    }

    Database database() {
        return database;
    }

    String server() {
        return server;
    }

    long leaseEnd() {
        return clock.millis() + LEASE.toMillis();
    }

    ThreadPoolExecutor threads(boolean ofParts) {
        return ofParts ? threadsOfParts : threads;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    OperationKind kind(String name) {
        OperationKind kind = kinds.get(name);
        if (kind == null) {
            throw new IllegalStateException("no operation is called " + name);
        }
        return kind;
    }

    void schedule(long id) {
        if (!threads.isShutdown()) {
            runners.computeIfAbsent(id, key -> new Runner(this, key)).schedule();
        }
    }

    /** Completes when an operation that this server carries out ends; whoever waits looks at the row himself. */
    CompletableFuture<Void> end(long id) {
        return ends.computeIfAbsent(id, key -> new CompletableFuture<>());
    }

    /** Nobody waits for that end any more. */
    void forgetEnd(long id) {
        ends.remove(id);
    }

    void begins(long id) {
        begun.add(id);
    }

    /** Whether this server had it before, and was at work all the time. */
    boolean began(long id) {
        return begun.contains(id);
    }

    void ended(Runner runner, Collection<String> lanes) {
        begun.remove(runner.operation());
        forget(runner, lanes);
        CompletableFuture<Void> awaited = ends.remove(runner.operation());
        if (awaited != null) {
            awaited.complete(null);
        }
        List<Long> next = database.read(handle -> OperationRows.firstOn(handle, lanes));
        next.stream().filter(this::isItsTime).forEach(this::schedule);
    }

    private boolean isItsTime(long id) {
        return id > waiting;
    }

    boolean remembers(Runner runner) {
        return runners.get(runner.operation()) == runner;
    }

    void forget(Runner runner, Collection<String> lanes) {
        runners.remove(runner.operation(), runner);
        lanes.forEach(lane -> listening.computeIfPresent(lane, (key, ids) -> {
            ids.remove(runner.operation());
            return ids.isEmpty() ? null : ids;
        }));
    }

    void listen(Runner runner, Collection<String> lanes) {
        lanes.forEach(lane -> listening.compute(lane, (key, ids) -> {
            Set<Long> set = ids == null ? ConcurrentHashMap.newKeySet() : ids;
            set.add(runner.operation());
            return set;
        }));
    }

    /** When it last looked successfully for operations to carry out. */
    public Instant lastLook() {
        return lastLook;
    }

    private void sweep() {
        try {
            noticePause();
            if (!runners.isEmpty()) {
                database.change(change -> {
                    OperationRows.renew(change.handle(), server, leaseEnd());
                    return null;
                });
            }
            scheduleClaimable();
            lastLook = Instant.now();
        } catch (RuntimeException failed) {
            LOG.warn("Could not look for operations to carry out; trying again in {} s", SWEEP.toSeconds(), failed);
        }
    }

    /** Page by page: those that rest here are among them, and may be more than a page of the oldest. */
    private void scheduleClaimable() {
        int taken = 0;
        long after = 0;
        List<Long> page;
        do {
            long last = after;
            page = database.read(handle -> OperationRows.claimable(handle, server, last, PAGE));
            for (long id : page) {
                boolean here = runners.containsKey(id);
                if (isItsTime(id) && (!here || database.shared())) {
                    schedule(id);
                    taken += here ? 0 : 1;
                }
                after = id;
            }
        } while (page.size() == PAGE && taken < PAGE);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "qrm-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
