package org.qrm.core.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.OperationState;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One operation in the hands of this server. Runs on one thread at a time; what comes meanwhile makes it run again. */
final class Runner extends HeldOperation {

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final Duration UNDO_LIMIT = Duration.ofMinutes(5);

    /** What a step has at least that is taken up after this server was away: so long machines may take to be heard of again. */
    static final Duration GRACE = Duration.ofSeconds(90);

    private final OperationEngine engine;
    private final Turns turns = new Turns();
    private volatile boolean cancelRequested;
    private volatile boolean shuttingDown;
    private volatile Instant deadline = Instant.MAX;
    /** Whether it is known to be a part of another one. */
    private volatile boolean part;

    // touched by the running thread alone
    /** Whether it is known that nothing before it is left on its lanes. */
    private boolean first;

    private boolean persistedStep;
    /** The present step's as its row has it, or null. */
    private Instant storedDeadline;

    private List<String> lanes = List.of();
    private ScheduledFuture<?> alarm;
    private final StepProgress progress = new StepProgress();
    private final Retries retries = new Retries();
    private boolean cancelled;
    private boolean undoes;
    private long stepBegan;

    Runner(OperationEngine engine, long id) {
        super(engine.database(), id);
        this.engine = engine;
    }

    /** One that was taken when it was asked for. */
    Runner(OperationEngine engine, OperationRow taken, List<String> lanes) {
        this(engine, taken.id());
        hold(taken, taken.fence(), lanes);
    }

    void schedule() {
        if (!turns.ask()) {
            return;
        }
        try {
            boolean amongParts = part;
            engine.threads(amongParts).execute(() -> takeTurn(amongParts));
        } catch (RejectedExecutionException closing) {
            LOG.debug("Operation {} goes on at the next start", id);
        }
    }

    void cancel() {
        cancelRequested = true;
    }

    void cancelForShutdown() {
        shuttingDown = true;
    }

    private void takeTurn(boolean amongParts) {
        turns.begin();
        try {
            // a runner that was forgotten leaves what came since to the one that follows it
            if (engine.remembers(this)) {
                work(amongParts);
            } else {
                engine.schedule(id);
            }
        } catch (FencedException lost) {
            LOG.info("{}", lost.getMessage());
            engine.forget(this, lanes);
        } catch (RuntimeException unexpected) {
            if (!shuttingDown) {
                stumbled(unexpected);
                engine.forget(this, lanes);
            }
        }
        if (turns.end() && !shuttingDown) {
            engine.schedule(id);
        }
    }

    private void stumbled(RuntimeException failure) {
        if (Database.wasLost(failure)) {
            LOG.warn(
                    "Operation {} lost the database; it is taken up again when that answers: {}",
                    id,
                    failure.toString());
        } else {
            LOG.error("Operation {} stumbled; it is taken up again", id, failure);
        }
    }

    private void work(boolean amongParts) {
        if (row == null && !takeUp() || !first && !isFirst()) {
            return;
        }
        if (part && !amongParts) {
            // its turn is on a thread of those
            engine.schedule(id);
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        while (!shuttingDown) {
            if (row.undoing()) {
                undo();
                return;
            }
            if (cancelRequested) {
                beginUndo(Reasons.cancelled(row));
                continue;
            }
            if (!runStep()) {
                return;
            }
        }
    }

    /** Claims the operation; false when it is over, is not its turn yet, or is another server's. */
    private boolean takeUp() {
        Optional<Claimed> claimed = database.change(change -> claim(change.handle()));
        if (claimed.isEmpty()) {
            engine.forget(this, lanes);
            return false;
        }
        OperationRow before = claimed.get().before();
        boolean wasAway = before.state() == OperationState.RUNNING && !engine.began(id);
        hold(before, before.fence() + 1, claimed.get().lanes());
        storedDeadline = claimed.get().deadline();
        if (storedDeadline != null) {
            Instant least = engine.now().plus(GRACE);
            setDeadline(wasAway && storedDeadline.isBefore(least) ? least : storedDeadline);
        }
        first = true;
        return true;
    }

    /**
     * An operation that is this server's now.
     *
     * @param before its row as it was
     * @param deadline of its present step as the claim left it, or null
     */
    private record Claimed(OperationRow before, Instant deadline, List<String> lanes) {}

    private Optional<Claimed> claim(Handle handle) {
        Optional<OperationRow> mine = OperationRows.find(handle, id)
                .filter(candidate -> !candidate.state().ended())
                .filter(candidate -> OperationRows.isFirstOnItsLanes(handle, id))
                .filter(candidate -> OperationRows.claim(handle, candidate, engine.server(), engine.leaseEnd()))
                .map(taken -> inPresentSteps(handle, taken));
        mine.ifPresent(taken -> tellIfTakenUpAgain(handle, taken));
        return mine.map(
                taken -> new Claimed(taken, OperationRows.deadline(handle, id), OperationRows.lanes(handle, id)));
    }

    /** One that another release of the server began goes on with the step of the same name, or the one in its place. */
    private OperationRow inPresentSteps(Handle handle, OperationRow taken) {
        List<String> present =
                engine.kind(taken.kind()).steps().stream().map(Step::name).toList();
        if (present.equals(taken.steps())) {
            return taken;
        }
        int same = present.indexOf(
                taken.steps().get(Math.min(taken.step(), taken.steps().size() - 1)));
        OperationRow now = taken.at(same >= 0 ? same : Math.min(taken.step(), present.size() - 1), present);
        OperationRows.setSteps(handle, now);
        return now;
    }

    private void tellIfTakenUpAgain(Handle handle, OperationRow taken) {
        if (taken.state() == OperationState.RUNNING) {
            if (!engine.began(id)) {
                OperationCalls.serverEnded(handle, id)
                        .forEach(who -> OperationRows.log(handle, id, "The server ended while it called " + who + "."));
            }
            String where = taken.undoing()
                    ? "in undoing what was done"
                    : "in step " + taken.steps().get(taken.step());
            OperationRows.log(
                    handle,
                    taken.id(),
                    "Taken up again " + where + ": the server that carried it out had stopped, or lost the database.");
        }
    }

    /** One that was asked for at the same time did not see this one, nor this one that: the later one gives way. */
    private boolean isFirst() {
        first = database.read(handle -> OperationRows.firstOn(handle, lanes)).equals(List.of(id));
        if (!first) {
            held(database.change(change -> OperationRows.giveBack(change.handle(), id, fence)));
            engine.forget(this, lanes);
        }
        return first;
    }

    private void hold(OperationRow taken, long itsFence, List<String> itsLanes) {
        row = taken;
        part = row.partOf() != null;
        kind = engine.kind(row.kind());
        fence = itsFence;
        lanes = itsLanes;
        step = row.step();
        cancelRequested |= row.cancelRequested();
        persistedStep = true;
        progress.begin(row.progress());
        stepBegan = System.nanoTime();
        storedDeadline = row.stepDeadline();
        setDeadline(storedDeadline);
        engine.begins(id);
        // before the first step looks: what changes meanwhile makes it look again
        engine.listen(this, lanes);
    }

    /** Runs the present step; false when the operation rests or is over. */
    private boolean runStep() {
        Step now = kind.steps().get(step);
        try {
            engine.noticePause();
            if (engine.now().isAfter(deadline)) {
                throw new QrmException(retries.reason(now).orElseGet(() -> Reasons.timeout(row, now)));
            }
            engine.beforeStep().accept(now);
            Step.Outcome outcome = now.action().run(this);
            retries.over().ifPresent(this::log);
            return switch (outcome) {
                case DONE -> advance();
                case COMPLETED -> next();
                case WAIT -> rest(now);
            };
        } catch (FencedException lost) {
            throw lost;
        } catch (CancelledException ended) {
            if (shuttingDown) {
                return false;
            }
            beginUndo(cancelRequested ? Reasons.cancelled(row) : Reasons.timeout(row, now));
            return true;
        } catch (QrmException refused) {
            rethrowIfLost(refused);
            if (Retries.isPassing(refused.problem())) {
                return tryAgain(now, refused.problem());
            }
            beginUndo(refused.problem());
            return true;
        } catch (Exception failed) {
            if (shuttingDown) {
                return false;
            }
            rethrowIfLost(failed);
            LOG.warn("Operation {} ({} {}) failed in step {}", id, row.kind(), row.subject(), now.name(), failed);
            beginUndo(new Problem(
                    Problem.Kind.FAILED, row.kind(), row.subject(), now.name() + ": " + failed, "The log has more."));
            return true;
        }
    }

    /**
     * What was done is not known when the database goes in the middle, so nothing that is remembered here counts: the
     * operation is taken up again as after a crash, from its row.
     */
    private static void rethrowIfLost(Exception failed) {
        if (Database.wasLost(failed)) {
            throw failed instanceof RuntimeException lost ? lost : new IllegalStateException(failed);
        }
    }

    private boolean tryAgain(Step now, Problem problem) {
        if (shuttingDown || cancelRequested) {
            return !shuttingDown;
        }
        lookAgain = pauseAfter(problem);
        return rest(now);
    }

    /** The step is done, and nothing of it needs to be durable: if a crash comes, it runs again. */
    private boolean advance() {
        if (step == kind.steps().size() - 1) {
            complete(change -> {});
            return next();
        }
        begin(step + 1);
        persistedStep = false;
        return true;
    }

    private boolean next() {
        if (step == kind.steps().size() - 1) {
            stepEnded(OperationState.DONE);
            engine.figures().operation(row, OperationState.DONE);
            engine.ended(this, lanes);
            return false;
        }
        begin(step + 1);
        persistedStep = true;
        return true;
    }

    private void begin(int next) {
        stepEnded(OperationState.DONE);
        step = next;
        stepBegan = System.nanoTime();
        progress.begin(0);
        storedDeadline = null;
        setDeadline(null);
    }

    private void stepEnded(OperationState outcome) {
        engine.figures().step(row.kind(), kind.steps().get(step).name(), outcome, stepBegan);
    }

    private boolean rest(Step now) {
        Instant until = deadline;
        if (!persistedStep || !until.equals(storedDeadline)) {
            held(database.change(
                    change -> OperationRows.setDeadline(change.handle(), id, fence, step, until.toEpochMilli())));
            persistedStep = true;
            storedDeadline = until;
        }
        long left = Math.max(1, Duration.between(engine.now(), deadline).toMillis() + 1);
        if (lookAgain != null) {
            left = Math.min(left, lookAgain.toMillis());
            lookAgain = null;
        }
        alarm = engine.timer().schedule(this::schedule, left, TimeUnit.MILLISECONDS);
        return false;
    }

    private void setDeadline(Instant stored) {
        limit(stored == null ? kind.steps().get(step).limit() : null, stored);
    }

    /** @param limit from now on; null when it ends as stored */
    private void limit(Duration limit, Instant stored) {
        // a pause that nobody has noticed yet is over, and none of this
        engine.noticePause();
        synchronized (this) {
            deadline = limit == null ? stored : engine.now().plus(limit);
        }
    }

    /** The clock went on by so much, and nothing was done. */
    synchronized void postpone(Duration pause) {
        deadline = deadline.equals(Instant.MAX) ? deadline : deadline.plus(pause);
    }

    private void beginUndo(Problem why) {
        stepEnded(cancelRequested ? OperationState.CANCELLED : OperationState.FAILED);
        held(database.change(change -> {
            OperationRows.log(change.handle(), id, why.sentence());
            return OperationRows.beginUndo(change.handle(), id, fence, why);
        }));
        row = database.read(handle -> OperationRows.find(handle, id)).orElseThrow();
    }

    private void undo() {
        cancelled |= cancelRequested;
        cancelRequested = false;
        engine.noticePause();
        if (!undoes) {
            undoes = true;
            limit(UNDO_LIMIT, null);
        }
        Problem why = Reasons.why(row);
        boolean clean = true;
        try {
            kind.undo(this, Reasons.undone(row, cancelled));
        } catch (FencedException lost) {
            throw lost;
        } catch (RuntimeException failed) {
            rethrowIfLost(failed);
            if (shuttingDown || undoAgain(failed)) {
                return;
            }
            LOG.warn("Operation {} ({} {}) could not be undone", id, row.kind(), row.subject(), failed);
            clean = false;
            why = Reasons.notUndone(why, failed);
        }
        endUndone(cancelled && clean ? OperationState.CANCELLED : OperationState.FAILED, why);
    }

    private boolean undoAgain(RuntimeException failed) {
        if (!(failed instanceof QrmException refused) || !Retries.isPassing(refused.problem())) {
            return false;
        }
        Duration pause = pauseAfter(refused.problem());
        engine.noticePause();
        if (engine.now().plus(pause).isAfter(deadline)) {
            return false;
        }
        alarm = engine.timer().schedule(this::schedule, pause.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    private Duration pauseAfter(Problem problem) {
        retries.failed(problem);
        retries.line().ifPresent(this::log);
        return retries.pause();
    }

    private void endUndone(OperationState state, Problem why) {
        database.change(change -> {
            held(OperationRows.end(change.handle(), id, fence, state, step, why));
            if (state == OperationState.FAILED) {
                change.event(
                        Priority.ERROR,
                        "operation.failed",
                        row.subject(),
                        why.sentence(),
                        Reasons.resourceOf(row.subject()));
            }
            ended(change);
            return null;
        });
        engine.figures().operation(row, state);
        engine.ended(this, lanes);
    }

    @Override
    void ended(Change change) {
        engine.whenFree().accept(change, lanes);
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public void progress(double fraction, String doing) {
        progress.reached(fraction, persistedStep)
                .ifPresent(within -> database.change(change -> {
                    OperationRows.setProgress(change.handle(), id, fence, step, within, doing == null ? "" : doing);
                    return null;
                }));
    }

    @Override
    public void checkpoint() {
        if (shuttingDown) {
            throw new CancelledException("the server stops; the operation goes on when it is back");
        }
        if (cancelRequested) {
            throw new CancelledException("cancelled");
        }
        if (engine.now().isAfter(deadline)) {
            throw new CancelledException("its time is over");
        }
    }
}
