package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.core.Eventually;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.LostDatabase;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class OperationEngineTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    private final List<OperationEngine> engines = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private Database database;

    @Before
    public void open() {
        database = TestDatabase.open(kind.freshUrl());
    }

    @After
    public void close() {
        release.countDown();
        engines.forEach(OperationEngine::close);
        if (database != null) {
            database.close();
        }
    }

    @Test
    public void runsTheStepsInOrder() throws InterruptedException {
        Script script = new Script().step("a", this::done).step("b", this::done).step("c", this::done);
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(OperationState.DONE, end.state());
        assertEquals(1.0, end.progress(), 0);
        assertEquals(List.of("a", "b", "c"), script.run);
    }

    @Test
    public void isAtWhatItsStepLoggedLast() throws InterruptedException {
        List<String> doing = new ArrayList<>();
        Script script = new Script().step("a", work -> {
            work.log("a machine was off");
            work.log("it asks for its boot configuration");
            doing.add(work.read(handle -> OperationRows.find(handle, work.operation()))
                    .orElseThrow()
                    .doing());
            return done(work);
        });
        end(start("one", script), submit("lane"));
        assertEquals(List.of("it asks for its boot configuration"), doing);
    }

    @Test
    public void aDatabaseOfAPluginsOwnThatIsLostFailsItsOperation() throws InterruptedException {
        Script script = new Script().step("a", work -> {
            throw new IllegalStateException(new SQLException("of the plug-in's own", "08001"));
        });
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(OperationState.FAILED, end.state());
        assertEquals(List.of("a"), script.run);
    }

    @Test
    public void operationsOnOneLaneRunOneByOneInTheOrderOfAsking() throws InterruptedException {
        List<Long> begun = new ArrayList<>();
        Script script = new Script().step("a", work -> {
            begun.add(work.operation());
            return done(work);
        });
        OperationEngine engine = start("one", script);
        List<Long> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(submit("lane"));
        }
        end(engine, asked.get(asked.size() - 1));
        assertEquals(asked, begun);
    }

    @Test
    public void anOperationThatTakesLongHoldsUpNoOtherLane() throws InterruptedException {
        Script script = new Script()
                .step("a", work -> work.parameters(Script.Asked.class).slow() ? hang() : done(work));
        OperationEngine engine = start("one", script);
        submit("slow", new Script.Asked(true));
        assertEquals(OperationState.DONE, end(engine, submit("quick")).state());
    }

    @Test
    public void whatACrashLeftGoesOnHoweverManyBeforeItRest() throws InterruptedException {
        Script script = new Script()
                .step(
                        "a",
                        Duration.ofMinutes(10),
                        work -> work.parameters(Script.Asked.class).slow() ? Step.Outcome.WAIT : done(work));
        for (int i = 0; i < 1000; i++) {
            leave("rests/" + i, new Script.Asked(true));
        }
        long last = leave("goes-on", Script.NOTHING);
        assertEquals(OperationState.DONE, end(start("one", script), last).state());
    }

    /** One that is asked for, and left by a server that ends. */
    private long leave(String lane, Script.Asked parameters) {
        OperationRow row = OperationRow.queued("test.script", lane, parameters, List.of("a"));
        return database.change(change -> OperationRows.insert(change.handle(), row, 0, List.of(lane)));
    }

    @Test
    public void goesOnAfterTheLastDurableStepWhereverTheServerIsKilled() throws InterruptedException {
        for (int killedIn = 0; killedIn < 3; killedIn++) {
            String hanging = "abc".substring(killedIn, killedIn + 1);
            Script before = durable(hanging);
            OperationEngine killed = start("one", before);
            long id = submit("lane" + killedIn);
            eventually(() -> before.run.contains(hanging));
            killed.abandon();

            Script after = durable("");
            assertEquals(OperationState.DONE, end(start("one", after), id).state());
            assertEquals(
                    "killed in " + hanging, List.of("abc".substring(killedIn).split("")), after.run);
        }
    }

    /** An upgrade comes between. */
    @Test
    public void goesOnWithTheStepOfItsNameWhenThereAreOthers() throws InterruptedException {
        Script before = durable("b");
        OperationEngine killed = start("one", before);
        long id = submit("lane");
        eventually(() -> before.run.contains("b"));
        killed.abandon();

        Script between =
                new Script().step("a", this::done).step("new", this::done).step("b", work -> hang());
        killed = start("one", between.step("c", this::done));
        eventually(() -> between.run.contains("b"));
        killed.abandon();
        assertEquals("what it has passed is not run", List.of("b"), between.run);

        Script after = new Script().step("b", this::done).step("last", this::done);
        Operation end = end(start("one", after), id);
        assertEquals(OperationState.DONE, end.state());
        assertEquals(List.of("b", "last"), after.run);
        assertEquals(
                List.of("b", "last"),
                end.steps().stream().map(Operation.Step::name).toList());
    }

    @Test
    public void goesOnInTheSamePlaceWhenItsStepIsGone() throws InterruptedException {
        Script before = durable("c");
        OperationEngine killed = start("one", before);
        long id = submit("lane");
        eventually(() -> before.run.contains("c"));
        killed.abandon();
        Script after = new Script().step("a", this::done).step("last", this::done);
        assertEquals(OperationState.DONE, end(start("one", after), id).state());
        assertEquals(List.of("last"), after.run);
    }

    @Test
    public void aCallThatTheServerEndedInTwiceIsNotMadeAgain() throws InterruptedException {
        Script script = new Script().step("a", work -> {
            ((NotedCalls) work).calling("plug-in good");
            ((NotedCalls) work).called("plug-in good");
            ((NotedCalls) work).calling("plug-in evil");
            return hang();
        });
        OperationEngine engine = start("one", script);
        long id = submit("lane");
        for (int ends = 1; ends <= 2; ends++) {
            int runs = ends;
            eventually(() -> script.run.size() == runs);
            eventually(() -> database.read(handle -> underWay(handle)).equals(List.of("plug-in evil")));
            engine.abandon();
            engine = start("one", script);
        }
        Operation end = end(engine, id);
        assertEquals(OperationState.FAILED, end.state());
        assertEquals(
                "Cannot call \"plug-in evil\": the server ended 2 times while it was at work, so it is not called again."
                        + " Update or remove that plug-in, then try again. The end of the log of that time may tell more.",
                end.reason());
        assertTrue(lines(id).toString(), lines(id).contains("The server ended while it called plug-in evil."));
        assertEquals("nothing is left of it", List.of(), database.read(OperationEngineTest::underWay));
        assertEquals("another may", List.of("a", "a", "a"), script.run);
    }

    @Test
    public void whatIsThereCanBeLeftToALaterStartAndCancelled() throws InterruptedException {
        Script before = new Script().step("a", work -> hang());
        OperationEngine killed = start("one", before);
        long left = submit("left");
        long behindIt = submit("left");
        long cancelled = submit("cancelled");
        eventually(() -> before.run.size() == 2);
        killed.abandon();

        Script script = new Script().step("a", this::done);
        OperationEngine engine = engine("one", script);
        engine.takeOver();
        engine.leaveWhatIsThere();
        engine.carryOut();
        assertEquals(OperationState.DONE, end(engine, submit("new")).state());
        engine.cancel(cancelled);
        assertEquals(OperationState.CANCELLED, end(engine, cancelled).state());
        assertEquals("only the new one", List.of("a"), script.run);
        engine.abandon();

        OperationEngine next = start("one", new Script().step("a", this::done));
        assertEquals(OperationState.DONE, end(next, left).state());
        assertEquals(OperationState.DONE, end(next, behindIt).state());
    }

    private List<String> lines(long id) {
        return database.read(handle -> OperationRows.log(handle, id)).stream()
                .map(LogLine::text)
                .toList();
    }

    private static List<String> underWay(Handle handle) {
        return handle.createQuery("select called from operation_call where under_way = true")
                .mapTo(String.class)
                .list();
    }

    @Test
    public void aCallThatReturnsIsForgottenAsIsOneOfAServerThatLivesOn() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        Script script = new Script().step("a", work -> {
            ((NotedCalls) work).calling("plug-in good");
            if (runs.incrementAndGet() <= 3) {
                throw LostDatabase.failure();
            }
            ((NotedCalls) work).called("plug-in good");
            return done(work);
        });
        assertEquals(
                OperationState.DONE, end(start("one", script), submit("lane")).state());
    }

    @Test
    public void runsStepsAgainWhoseEndWasNotDurable() throws InterruptedException {
        Script before = new Script().step("a", this::done).step("b", work -> hang());
        OperationEngine killed = start("one", before);
        long id = submit("lane");
        eventually(() -> before.run.contains("b"));
        killed.abandon();

        Script after = new Script().step("a", this::done).step("b", this::done);
        assertEquals(OperationState.DONE, end(start("one", after), id).state());
        assertEquals(List.of("a", "b"), after.run);
    }

    @Test
    public void goesOnUndoingAfterTheServerIsKilled() throws InterruptedException {
        Script before = new Script().step("a", this::refuse).undo(work -> hang());
        OperationEngine killed = start("one", before);
        long id = submit("lane");
        eventually(() -> !before.undone.isEmpty());
        killed.abandon();

        Script after = new Script().step("a", this::done);
        Operation end = end(start("one", after), id);
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("no room"));
        assertEquals(1, after.undone.size());
        assertEquals(List.of(), after.run);
    }

    @Test
    public void waitsUntilSomethingChangesOnItsLane() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        Script script = new Script().step("a", work -> ready.getCount() == 0 ? Step.Outcome.DONE : Step.Outcome.WAIT);
        OperationEngine engine = start("one", script);
        long id = submit("lane");
        eventually(() -> !script.run.isEmpty());
        ready.countDown();
        engine.poke("lane");
        assertEquals(OperationState.DONE, end(engine, id).state());
    }

    @Test
    public void aFailedStepIsUndoneAndSaysWhy() throws InterruptedException {
        Script script =
                new Script().step("a", this::done).step("b", this::refuse).step("c", this::done);
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("no room"));
        assertEquals("as it was thrown", refusal(end.id()), end.problem());
        assertEquals(refusal(end.id()).sentence(), end.reason());
        assertEquals(List.of("a", "b"), script.run);
        assertEquals(1, script.undone.size());
    }

    private static Problem refusal(long operation) {
        return new Problem(Problem.Kind.REFUSED, "do", String.valueOf(operation), "no room", "Make some.");
    }

    @Test
    public void aFailureToUndoIsToldBesideTheFirst() throws InterruptedException {
        Script script = new Script().step("a", this::refuse).undo(work -> {
            throw new IllegalStateException("stuck");
        });
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("no room"));
        assertTrue(end.reason(), end.reason().contains("stuck"));
        assertEquals(refusal(end.id()).kind(), end.problem().kind());
        assertEquals(refusal(end.id()).remedy(), end.problem().remedy());
    }

    @Test
    public void endsWhenCancelled() throws InterruptedException {
        Script script = new Script().step("a", this::obey);
        OperationEngine engine = start("one", script);
        long id = submit("lane");
        eventually(() -> !script.run.isEmpty());
        assertTrue(engine.cancel(id));
        assertEquals(OperationState.CANCELLED, end(engine, id).state());
        assertEquals(Problem.Kind.CONFLICT, script.undone.get(0).kind());
    }

    @Test
    public void endsWhenCancelledWhileItWaitsForItsTurn() throws InterruptedException {
        Script script = new Script()
                .step("a", work -> work.parameters(Script.Asked.class).slow() ? hang() : done(work));
        OperationEngine engine = start("one", script);
        submit("lane", new Script.Asked(true));
        long waiting = submit("lane");
        assertTrue(engine.cancel(waiting));
        release.countDown();
        assertEquals(OperationState.CANCELLED, end(engine, waiting).state());
        assertEquals(List.of("a"), script.run);
    }

    @Test
    public void failsWhenAStepIsNotDoneInTime() throws InterruptedException {
        Script script = new Script().step("a", Duration.ofMillis(200), this::obey);
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("step a"));
    }

    @Test
    public void failsWhenWhatItWaitsForNeverComes() throws InterruptedException {
        Script script = new Script().step("a", Duration.ofMillis(200), work -> Step.Outcome.WAIT);
        assertEquals(
                OperationState.FAILED, end(start("one", script), submit("lane")).state());
    }

    @Test
    public void ofTwoThatWereAskedForAtOnceTheLaterOneGivesWay() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        List<Long> order = new CopyOnWriteArrayList<>();
        OperationEngine engine = start("one", new Script().step("a", work -> {
                    order.add(work.operation());
                    inside.countDown();
                    release.await();
                    return Step.Outcome.DONE;
                }));
        long earlier = submit("lane");
        inside.await();
        // as it is when neither has seen the other
        OperationRow taken = OperationRow.claimed("test.script", "lane", Script.NOTHING, List.of("a"), "one");
        long later = database.change(
                change -> OperationRows.insert(change.handle(), taken, engine.leaseEnd(), List.of("lane")));
        engine.adopt(taken.stored(later, null), List.of("lane"));
        eventually(() -> state(later) == OperationState.QUEUED);
        assertEquals(List.of(earlier), order);
        release.countDown();
        eventually(() -> state(later) == OperationState.DONE);
        assertEquals(List.of(earlier, later), order);
    }

    @Test
    public void aServerThatWasTakenForDeadChangesNothingAnyMore() throws InterruptedException {
        assumeTrue("does not apply: only PostgreSQL has several servers", kind == DatabaseKind.POSTGRESQL);
        AtomicReference<Throwable> fenced = new AtomicReference<>();
        CountDownLatch asleep = new CountDownLatch(1);
        start("sleeper", new Script().step("a", work -> {
                    asleep.countDown();
                    release.await();
                    try {
                        return work.complete(change -> note(change.handle(), "sleeper"));
                    } catch (RuntimeException refused) {
                        fenced.set(refused);
                        throw refused;
                    }
                }));
        long id = submit("lane");
        asleep.await();

        OperationEngine other = engine(
                "other", new Script().step("a", work -> work.complete(change -> note(change.handle(), "other"))));
        expireClaimOf("sleeper", id);
        other.start();
        eventually(() -> {
            expireClaimOf("sleeper", id);
            return state(id) == OperationState.DONE;
        });
        release.countDown();
        eventually(() -> fenced.get() != null);
        assertEquals(FencedException.class, fenced.get().getClass());
        assertEquals("other", noted());
    }

    @Test
    public void aServerIsNotTakenForDeadInTheMiddleOfAChange() throws InterruptedException {
        assumeTrue("does not apply: only PostgreSQL has several servers", kind == DatabaseKind.POSTGRESQL);
        CountDownLatch inside = new CountDownLatch(1);
        start("sleeper", new Script().step("a", work -> {
                    work.change(change -> {
                        inside.countDown();
                        hang();
                        return note(change.handle(), "sleeper");
                    });
                    return Step.Outcome.DONE;
                }));
        long id = submit("lane");
        inside.await();
        Thread claimer = new Thread(() -> database.change(change -> {
            change.handle().execute("update operation set claim_until = 0 where id = ?", id);
            return OperationRows.claim(
                    change.handle(),
                    OperationRows.find(change.handle(), id).orElseThrow(),
                    "other",
                    System.currentTimeMillis() + 60_000);
        }));
        claimer.start();
        eventually(this::isBlocked);
        assertNull(noted());
        release.countDown();
        claimer.join();
        assertEquals("sleeper", noted());
    }

    @Test
    public void aStepWhoseMachineDoesNotAnswerIsTriedAgainUntilItDoes() throws InterruptedException {
        AtomicInteger left = new AtomicInteger(2);
        Script script =
                new Script().step("a", this::done).step("b", work -> left.getAndDecrement() > 0 ? away() : done(work));
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(end.reason(), OperationState.DONE, end.state());
        assertEquals(List.of("a", "b", "b", "b"), script.run);
        assertEquals(List.of(), script.undone);
        String log = log(end);
        assertTrue(log, log.contains("the connection was refused. Start it. It is tried again until"));
        assertTrue(log, log.contains("It goes on after 2 tries that failed"));
    }

    @Test
    public void itIsGivenUpWhenItsTimeIsOverWithTheReasonOfTheLastTry() throws InterruptedException {
        Script script = new Script().step("a", Duration.ofMillis(300), work -> away());
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("the connection was refused; it was tried"));
        assertEquals(1, script.undone.size());
    }

    @Test
    public void aCancelEndsTheTriesAtOnce() throws InterruptedException {
        Script script = new Script().step("a", work -> away());
        OperationEngine engine = start("one", script);
        long id = submit("lane");
        eventually(() -> script.run.size() >= 2);
        assertTrue(engine.cancel(id));
        assertEquals(OperationState.CANCELLED, end(engine, id).state());
    }

    @Test
    public void anUndoingIsTriedAgainToo() throws InterruptedException {
        AtomicInteger left = new AtomicInteger(2);
        Script script = new Script()
                .step("a", this::refuse)
                .undo(work -> left.getAndDecrement() > 0 ? away() : Step.Outcome.DONE);
        Operation end = end(start("one", script), submit("lane"));
        assertEquals(OperationState.FAILED, end.state());
        assertEquals(3, script.undone.size());
        assertFalse(end.reason(), end.reason().contains("Undoing it failed"));
    }

    @Test
    public void whatFailsForAnotherReasonIsNotTriedAgain() throws InterruptedException {
        for (Problem.Kind kind : Problem.Kind.values()) {
            if (kind == Problem.Kind.UNREACHABLE) {
                continue;
            }
            Script script = new Script().step("a", work -> {
                throw new QrmException(new Problem(kind, "do", "it", "no", ""));
            });
            Operation end = end(start("of " + kind, script), submit("lane " + kind));
            assertEquals(OperationState.FAILED, end.state());
            assertEquals(kind.name(), List.of("a"), script.run);
            engines.forEach(OperationEngine::close);
            engines.clear();
        }
    }

    private Step.Outcome away() {
        throw new QrmException(new Problem(
                Problem.Kind.UNREACHABLE, "reach", "10.0.0.9:22", "the connection was refused", "Start it."));
    }

    private static void eventually(BooleanSupplier condition) {
        Eventually.eventually(() -> "it did not happen", condition);
    }

    private void expireClaimOf(String server, long id) {
        database.change(change -> change.handle()
                .execute("update operation set claim_until = 0 where id = ? and claimed_by = ?", id, server));
    }

    private Script durable(String hanging) {
        Script script = new Script();
        for (String name : List.of("a", "b", "c")) {
            script.step(name, work -> name.equals(hanging) ? hang() : work.complete(change -> {}));
        }
        return script;
    }

    private Step.Outcome done(Work work) {
        assertNotNull(work.parameters(Script.Asked.class));
        return Step.Outcome.DONE;
    }

    private Step.Outcome refuse(Work work) {
        throw new QrmException(refusal(work.operation()));
    }

    private Step.Outcome obey(Work work) {
        while (true) {
            work.checkpoint();
            Thread.onSpinWait();
        }
    }

    private Step.Outcome hang() {
        try {
            release.await();
        } catch (InterruptedException killed) {
            throw new IllegalStateException(killed);
        }
        return Step.Outcome.DONE;
    }

    private OperationEngine start(String server, OperationKind script) {
        OperationEngine engine = engine(server, script);
        engine.start();
        return engine;
    }

    private OperationEngine engine(String server, OperationKind script) {
        OperationEngine engine = new OperationEngine(database, server);
        engine.add(script);
        engines.add(engine);
        return engine;
    }

    private long submit(String lane) {
        return submit(lane, Script.NOTHING);
    }

    private long submit(String lane, Script.Asked parameters) {
        OperationEngine newest = engines.get(engines.size() - 1);
        return database.change(change -> newest.submit(change, "test.script", lane, parameters, List.of(lane)));
    }

    private Operation end(OperationEngine engine, long id) throws InterruptedException {
        return new OperationService(database, engine).await(id, LIMIT);
    }

    private OperationState state(long id) {
        return database.read(
                handle -> OperationRows.find(handle, id).orElseThrow().state());
    }

    private String log(Operation operation) {
        return database.read(handle -> String.join(
                "\n",
                handle.createQuery("select text from operation_log where operation_id = :id order by id")
                        .bind("id", operation.id())
                        .mapTo(String.class)
                        .list()));
    }

    private static int note(Handle handle, String who) {
        return handle.execute("insert into secret (name, content) values ('note', ?)", who);
    }

    private String noted() {
        return database.read(handle -> handle.createQuery("select content from secret where name = 'note'")
                .mapTo(String.class)
                .findOne()
                .orElse(null));
    }

    private boolean isBlocked() {
        return database.read(
                handle -> handle.createQuery("select count(*) from pg_stat_activity where datname = current_database()"
                                        + " and wait_event_type = 'Lock'")
                                .mapTo(Integer.class)
                                .one()
                        > 0);
    }
}
