package org.qrm.core.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem;
import org.qrm.api.RetryLater;
import org.qrm.core.Eventually;

/** Whatever keeps the database from answering: who asks is told so at once, until it answers. */
@RunWith(Parameterized.class)
public class AwayDatabaseTest {

    /** How it goes. */
    enum Loss {
        REFUSED {
            @Override
            void strike(Gate gate) throws Exception {
                gate.shut();
            }
        },
        BLACK_HOLE {
            @Override
            void strike(Gate gate) {
                gate.swallow();
            }
        },
        SHUTS_DOWN {
            @Override
            void strike(Gate gate) {
                gate.refuse("57P01");
                gate.cut();
            }
        },
        RECOVERS_AFTER_A_CRASH {
            @Override
            void strike(Gate gate) {
                gate.refuse("57P02");
                gate.cut();
            }
        },
        STARTS {
            @Override
            void strike(Gate gate) {
                gate.refuse("57P03");
                gate.cut();
            }
        };

        abstract void strike(Gate gate) throws Exception;
    }

    @Parameters(name = "{0}")
    public static Loss[] losses() {
        return Loss.values();
    }

    @Parameter
    public Loss loss;

    private Gate gate;
    private Database database;

    @Before
    public void open() throws Exception {
        gate = new Gate(DatabaseKind.POSTGRESQL.freshUrl());
        database = TestDatabase.open(gate.url() + "&socketTimeout=5");
    }

    @After
    public void close() throws Exception {
        if (database != null) {
            gate.close();
            database.close();
        }
    }

    /** Each would else wait some seconds, and these calls take more than an hour. */
    @Test(timeout = 240_000)
    public void whoAsksIsToldAtOnceUntilItAnswers() throws Exception {
        ask();
        loss.strike(gate);
        Eventually.eventually(() -> "that it is away is known", () -> ask().contains("it cannot be reached"));
        for (int i = 0; i < 1000; i++) {
            String told = ask();
            assertTrue(told, told.contains("it cannot be reached"));
        }
        gate.pass();
        Eventually.eventually(() -> "it answers", () -> ask().isEmpty());
        assertEquals("", ask());
    }

    /** What it is told; nothing when it is answered. */
    private String ask() {
        try {
            database.read(handle ->
                    handle.createQuery("select 1").mapTo(Integer.class).one());
            return "";
        } catch (RetryLater told) {
            assertEquals(Problem.Kind.UNAVAILABLE, told.problem().kind());
            assertTrue(told.retryAfter() > 0);
            assertTrue(Database.wasLost(told));
            assertFalse(told.getMessage(), Database.isBusy(told));
            return told.getMessage();
        }
    }
}
