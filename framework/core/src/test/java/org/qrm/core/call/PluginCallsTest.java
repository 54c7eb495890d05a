package org.qrm.core.call;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;

public class PluginCallsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final PluginCalls calls = new PluginCalls();
    private final FakeWork work = new FakeWork();
    private final CountDownLatch release = new CountDownLatch(1);

    @After
    public void letStuckCallsEnd() {
        release.countDown();
        calls.close();
    }

    @Test
    public void answersWhatTheServiceAnswers() {
        assertEquals("yes", calls.call(this, "plug-in test", LONG, work, () -> "yes"));
    }

    @Test
    public void passesOnARefusalAsItIs() {
        QrmException veto = QrmException.refused("assign", "m1", "not on Sundays", "");
        assertSame(veto, fails(LONG, () -> {
            throw veto;
        }));
    }

    @Test
    public void namesThePluginThatThrew() {
        QrmException failed = fails(LONG, () -> {
            throw new IllegalStateException("no disk");
        });
        assertEquals(Problem.Kind.FAILED, failed.problem().kind());
        assertTrue(failed.getMessage(), failed.getMessage().contains("plug-in test"));
        assertTrue(failed.getMessage(), failed.getMessage().contains("no disk"));
    }

    @Test
    public void survivesAPluginCompiledAgainstAnotherApi() {
        QrmException failed = fails(LONG, () -> {
            throw new NoSuchMethodError("org.qrm.api.gone()");
        });
        assertEquals(Problem.Kind.FAILED, failed.problem().kind());
    }

    @Test
    public void endsTheWaitForACallThatNeverReturns() {
        QrmException failed = fails(SHORT, this::ignoreInterrupts);
        assertEquals(Problem.Kind.TIMEOUT, failed.problem().kind());
        assertTrue(failed.getMessage(), failed.getMessage().contains("plug-in test"));
    }

    @Test
    public void interruptsACallThatIsNotWaitedForAnyMore() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        fails(SHORT, () -> {
            try {
                release.await();
            } catch (InterruptedException asked) {
                interrupted.countDown();
            }
            return null;
        });
        interrupted.await();
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    public void endsTheWaitWhenTheServiceGoes() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread remover = new Thread(() -> {
            awaitQuietly(begun);
            calls.gone(this);
        });
        remover.start();
        QrmException failed = fails(LONG, () -> {
            begun.countDown();
            return ignoreInterrupts();
        });
        remover.join();
        assertEquals(Problem.Kind.UNAVAILABLE, failed.problem().kind());
        assertTrue(failed.getMessage(), failed.getMessage().contains("went away"));
    }

    @Test
    public void endsTheWaitWhenTheOperationIsCancelled() {
        assertThrows(
                CancelledException.class,
                () -> calls.call(this, "plug-in test", LONG, work, () -> {
                    work.cancel();
                    return ignoreInterrupts();
                }));
    }

    @Test
    public void tellsACallThatIsOverAtItsNextCheckpoint() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        assertThrows(
                QrmException.class,
                () -> calls.call(this, "plug-in test", SHORT, work, context -> {
                    while (true) {
                        try {
                            context.checkpoint();
                            Thread.onSpinWait();
                        } catch (CancelledException over) {
                            told.countDown();
                            throw over;
                        }
                    }
                }));
        told.await();
    }

    @Test
    public void aCallLeftBehindDoesNotReportProgressAnyMore() throws InterruptedException {
        CountDownLatch reported = new CountDownLatch(1);
        assertThrows(
                QrmException.class,
                () -> calls.call(this, "plug-in test", SHORT, work, context -> {
                    ignoreInterrupts();
                    context.log("late");
                    reported.countDown();
                    return null;
                }));
        release.countDown();
        reported.await();
        assertEquals(List.of(), work.lines());
    }

    @Test
    public void refusesAServiceWhoseCallsDoNotReturnButCallsOthers() {
        for (int i = 0; i < PluginCalls.MOST_STUCK_OF_ONE; i++) {
            leaveACallStuck(this);
        }
        QrmException refused = fails(LONG, () -> "unreached");
        assertEquals(Problem.Kind.UNAVAILABLE, refused.problem().kind());
        assertEquals("yes", calls.call(new Object(), "another plug-in", LONG, work, () -> "yes"));
    }

    @Test
    public void refusesAllWhenTooManyCallsDoNotReturn() {
        for (int i = 0; i < PluginCalls.MOST_STUCK; i++) {
            leaveACallStuck(new Object());
        }
        QrmException refused = fails(LONG, () -> "unreached");
        assertEquals(Problem.Kind.UNAVAILABLE, refused.problem().kind());
    }

    private void leaveACallStuck(Object service) {
        FakeWork cancelled = new FakeWork();
        assertThrows(
                CancelledException.class,
                () -> calls.call(service, "stuck", LONG, cancelled, () -> {
                    cancelled.cancel();
                    return ignoreInterrupts();
                }));
    }

    private QrmException fails(Duration limit, Callable<String> body) {
        return assertThrows(QrmException.class, () -> calls.call(this, "plug-in test", limit, work, body));
    }

    private String ignoreInterrupts() {
        awaitQuietly(release);
        return "late";
    }

    private static void awaitQuietly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // a stuck plug-in does just that
            }
        }
    }
}
