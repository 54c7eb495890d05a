package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.OperationState;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

/** The time of a step goes on only while the server is there to carry it out. */
public class DeadlineTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private Database database = TestDatabase.fresh();
    private final List<OperationEngine> engines = new ArrayList<>();
    private volatile Instant clock = Instant.parse("2026-01-01T00:00:00Z");
    private volatile Duration steady = Duration.ZERO;
    private volatile boolean done;

    @After
    public void close() {
        engines.forEach(OperationEngine::close);
        database.close();
    }

    @Test
    public void aClockThatIsSetEndsNoStep() {
        for (Duration set : List.of(Duration.ofDays(1), Duration.ofDays(-1))) {
            done = false;
            Script script = waiting();
            OperationEngine engine = engine(script);
            long id = submitted(engine, script);
            clock = clock.plus(set);
            goesOn(engine, script, id);
            engine.close();
        }
    }

    @Test
    public void aServerThatStoodStillEndsNoStep() {
        Script script = waiting();
        OperationEngine engine = engine(script);
        long id = submitted(engine, script);
        clock = clock.plus(Duration.ofHours(1));
        steady = steady.plus(Duration.ofHours(1));
        goesOn(engine, script, id);
    }

    @Test
    public void aServerThatWasAwayEndsNoStep() {
        Script before = waiting();
        OperationEngine killed = engine(before);
        long id = submitted(killed, before);
        clock = clock.plus(LIMIT.minusSeconds(1));
        steady = steady.plus(LIMIT.minusSeconds(1));
        killed.abandon();
        clock = clock.plus(Duration.ofHours(1));
        Script after = waiting();
        OperationEngine engine = engine(after);
        eventually(() -> "taken up", () -> !after.run.isEmpty());
        // machines are to be heard of first
        clock = clock.plus(Duration.ofSeconds(14));
        goesOn(engine, after, id);
    }

    @Test
    public void aServerThatIsAskedForMoreWhenItComesBackEndsNoStep() {
        database.close();
        database = TestDatabase.open(DatabaseKind.POSTGRESQL.freshUrl());
        Duration limit = Duration.ofMinutes(10);
        Script before = new Script().step("wait", limit, work -> Step.Outcome.WAIT);
        OperationEngine killed = engine(before);
        long id = submitted(killed, before);
        killed.abandon();
        clock = clock.plus(Duration.ofHours(1));
        OperationEngine engine = new OperationEngine(database, "one", step -> {}, () -> clock, () -> steady.toNanos());
        engines.add(engine);
        Script after = new Script().step("wait", limit, work -> Step.Outcome.WAIT);
        engine.add(after);
        engine.takeOver();
        database.change(change -> engine.submit(change, "test.script", "it", Script.NOTHING, List.of("other")));
        engine.carryOut();
        eventually(() -> row(id).toString(), () -> clock.plus(limit).equals(row(id).stepDeadline()));
    }

    @Test
    public void timeThatPassesWhileTheServerIsThereEndsIt() {
        Script script = waiting();
        OperationEngine engine = engine(script);
        long id = submitted(engine, script);
        for (int seconds = 0; seconds <= LIMIT.toSeconds(); seconds += 10) {
            clock = clock.plusSeconds(10);
            steady = steady.plusSeconds(10);
            engine.noticePause();
        }
        engine.poke("lane");
        eventually(() -> "over", () -> row(id).state() == OperationState.FAILED);
        assertTrue(row(id).reason(), row(id).reason().contains("was not done within 40 s"));
    }

    @Test
    public void aClockThatIsSetEndsNoStepThatBeginsRightAfter() {
        for (Duration set : List.of(Duration.ofDays(1), Duration.ofDays(-1))) {
            done = false;
            Script script = new Script()
                    .step("set", LIMIT, work -> {
                        clock = clock.plus(set);
                        return Step.Outcome.DONE;
                    })
                    .step("wait", LIMIT, work -> done ? Step.Outcome.DONE : Step.Outcome.WAIT);
            OperationEngine engine = engine(script);
            long id = submitted(engine, script, 2);
            assertEquals(clock.plus(LIMIT), row(id).stepDeadline());
            goesOn(engine, script, id);
            engine.close();
        }
    }

    @Test
    public void aServerThatStoodStillGoesOnUndoing() {
        Script script = new Script()
                .step("fail", LIMIT, work -> {
                    throw QrmException.refused("do", "it", "no room", "");
                })
                .undo(work -> {
                    if (!done) {
                        done = true;
                        clock = clock.plus(Duration.ofHours(1));
                        steady = steady.plus(Duration.ofHours(1));
                        throw new QrmException(new Problem(Problem.Kind.UNREACHABLE, "undo", "it", "no answer", ""));
                    }
                    return Step.Outcome.DONE;
                });
        OperationEngine engine = engine(script);
        long id =
                database.change(change -> engine.submit(change, "test.script", "it", Script.NOTHING, List.of("lane")));
        eventually(() -> row(id).toString(), () -> row(id).state().ended());
        assertEquals(row(id).reason(), 2, script.undone.size());
    }

    @Test
    public void aStepAfterOneThatWasTakenUpKeepsItsDeadlineToo() {
        Script before = twoSteps();
        OperationEngine killed = engine(before);
        submitted(killed, before);
        killed.abandon();
        done = true;
        Script after = twoSteps();
        long id = onLane(engine(after));
        eventually(() -> after.run.toString(), () -> after.run.contains("rest"));
        eventually(() -> row(id).toString(), () -> row(id).step() == 1 && row(id).stepDeadline() != null);
    }

    private Script twoSteps() {
        return new Script()
                .step("wait", LIMIT, work -> done ? work.complete(change -> {}) : Step.Outcome.WAIT)
                .step("rest", LIMIT, work -> Step.Outcome.WAIT);
    }

    private long onLane(OperationEngine engine) {
        return database.read(handle -> engine.onLane(handle, "lane")).get(0);
    }

    private Script waiting() {
        return new Script().step("wait", LIMIT, work -> done ? Step.Outcome.DONE : Step.Outcome.WAIT);
    }

    private OperationEngine engine(Script script) {
        OperationEngine engine = new OperationEngine(database, "one", step -> {}, () -> clock, () -> steady.toNanos());
        engines.add(engine);
        engine.add(script);
        engine.start();
        return engine;
    }

    private long submitted(OperationEngine engine, Script script) {
        return submitted(engine, script, 1);
    }

    private long submitted(OperationEngine engine, Script script, int runs) {
        long id =
                database.change(change -> engine.submit(change, "test.script", "it", Script.NOTHING, List.of("lane")));
        eventually(() -> "waits", () -> row(id).stepDeadline() != null && script.run.size() >= runs);
        return id;
    }

    /** It looks again, and then is done. */
    private void goesOn(OperationEngine engine, Script script, long id) {
        int runs = script.run.size();
        engine.poke("lane");
        eventually(
                () -> row(id).toString(),
                () -> script.run.size() > runs || row(id).state().ended());
        assertEquals(row(id).reason(), OperationState.RUNNING, row(id).state());
        done = true;
        engine.poke("lane");
        eventually(() -> row(id).toString(), () -> row(id).state().ended());
        assertEquals(row(id).reason(), OperationState.DONE, row(id).state());
    }

    private OperationRow row(long id) {
        return database.read(handle -> OperationRows.find(handle, id)).orElseThrow();
    }
}
