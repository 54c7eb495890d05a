package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.QrmException;
import org.qrm.api.operation.OperationState;
import org.qrm.core.Eventually;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.store.Database;
import org.qrm.core.store.RestartedPostgres;
import org.qrm.core.store.TestDatabase;

/** Whatever becomes of the database's connections, or of its server, in the middle of a step: the work goes on with it. */
@RunWith(Parameterized.class)
public class LostDatabaseTest {

    /** How the database goes, and comes back. */
    enum Loss {
        CONNECTIONS_END {
            @Override
            void strike(RestartedPostgres server) {
                server.endConnections();
            }

            @Override
            void mend(RestartedPostgres server) {}
        },
        SERVER_CRASHES {
            @Override
            void strike(RestartedPostgres server) throws Exception {
                server.crash();
            }

            @Override
            void mend(RestartedPostgres server) throws Exception {
                server.comeBack();
            }
        };

        abstract void strike(RestartedPostgres server) throws Exception;

        abstract void mend(RestartedPostgres server) throws Exception;
    }

    @Parameters(name = "{0}")
    public static Loss[] losses() {
        return Loss.values();
    }

    @Parameter
    public Loss loss;

    @Rule
    public final RestartedPostgres server = new RestartedPostgres();

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch lost = new CountDownLatch(1);
    private final CountDownLatch noticed = new CountDownLatch(1);
    private final PluginCalls calls = new PluginCalls();
    private Database database;
    private OperationEngine engine;

    @Before
    public void open() {
        database = TestDatabase.open(server.url());
    }

    @After
    public void close() {
        lost.countDown();
        engine.close();
        calls.close();
        database.close();
    }

    @Test
    public void aStepThatLostItIsRunAgain() throws Exception {
        Script script =
                new Script().step("a", this::durable).step("b", this::losing).step("c", this::durable);
        long id = strike(script);
        awaitEnd(id, OperationState.DONE);
        assertEquals(List.of("a", "b", "b", "c"), script.run);
        assertEquals(List.of(), script.undone);
        assertTrue(log(id), log(id).contains("Taken up again in step b"));
    }

    @Test
    public void aPluginThatLostItInACallIsCalledAgain() throws Exception {
        Script script = new Script()
                .step("a", work -> calls.call(this, "plug-in x", Duration.ofMinutes(1), work, () -> losing(work)));
        long id = strike(script);
        awaitEnd(id, OperationState.DONE);
        assertEquals(List.of("a", "a"), script.run);
    }

    @Test
    public void anUndoingThatLostItIsUndoneAgain() throws Exception {
        Script script = new Script().step("a", this::refuse).undo(this::losing);
        long id = strike(script);
        awaitEnd(id, OperationState.FAILED);
        assertTrue(row(id).reason(), row(id).reason().contains("no room"));
        assertFalse(row(id).reason(), row(id).reason().contains("Undoing it failed"));
        assertEquals(2, script.undone.size());
    }

    /** Lets an operation come to where it uses the database, and takes the database away. */
    private long strike(Script script) throws Exception {
        engine = new OperationEngine(database, "one");
        engine.add(script);
        engine.start();
        long id =
                database.change(change -> engine.submit(change, "test.script", "it", Script.NOTHING, List.of("lane")));
        inside.await();
        loss.strike(server);
        lost.countDown();
        noticed.await();
        loss.mend(server);
        return id;
    }

    private Step.Outcome durable(Work work) {
        return work.complete(change -> {});
    }

    private Step.Outcome losing(Work work) {
        if (inside.getCount() == 0) {
            return Step.Outcome.DONE;
        }
        try {
            return work.change(change -> {
                inside.countDown();
                awaitLoss();
                change.handle().execute("insert into secret (name, content) values ('note', 'lost')");
                return Step.Outcome.DONE;
            });
        } finally {
            noticed.countDown();
        }
    }

    private void awaitLoss() {
        try {
            lost.await();
        } catch (InterruptedException over) {
            throw new IllegalStateException(over);
        }
    }

    private Step.Outcome refuse(Work work) {
        throw QrmException.refused("do", String.valueOf(work.operation()), "no room", "");
    }

    private void awaitEnd(long id, OperationState state) {
        Eventually.eventually(() -> "it is " + state + ": " + row(id) + log(id), () -> {
            OperationState now = whenItAnswers(id);
            if (now != null && now.ended() && now != state) {
                fail(now + ": " + log(id));
            }
            return now == state;
        });
    }

    private OperationState whenItAnswers(long id) {
        try {
            return row(id).state();
        } catch (RuntimeException notYet) {
            return null;
        }
    }

    private OperationRow row(long id) {
        return database.read(handle -> OperationRows.find(handle, id)).orElseThrow();
    }

    private String log(long id) {
        return database.read(handle -> OperationRows.log(handle, id)).toString();
    }
}
