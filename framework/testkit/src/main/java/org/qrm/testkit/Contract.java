package org.qrm.testkit;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Assume;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;

/**
 * What the contracts of all SPIs have in common. Each test calls the service as the server does: on a thread of its own, with a limit.
 *
 * <p>What an author's test cannot bring about, as another end that goes away, it says by the answer {@code false} of the method that
 * is to do it; the checks that need it are skipped then, and reported so.
 */
public abstract class Contract {

    /** That another end does not answer. */
    static final Problem.Kind[] SILENT = {Problem.Kind.UNREACHABLE, Problem.Kind.TIMEOUT, Problem.Kind.FAILED};

    /** How long a thing that is answered at once may take, on a slow machine. */
    static final Duration AT_ONCE = Duration.ofSeconds(5);

    /** More uses of its context than a call that looks again and again may have before it is done. */
    private static final int MOST_TOUCHES = 100;

    /** How long something may take that happens soon. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<TestWork> works = new ArrayList<>();

    /** For those of this package. */
    Contract() {}

    /** How long one call may take that works: the time that the server would give it, or what is enough in a test. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** The deadline of calls that cannot work, which must be told of before it: as long as a call needs to try at all. */
    protected Duration shortPatience() {
        return Duration.ofSeconds(3);
    }

    /** How late a call may end that was to end. */
    protected Duration grace() {
        return SOON;
    }

    /** What must be in no message, log or text: passwords, keys, tokens that the service under test was given. */
    protected List<String> secrets() {
        return List.of();
    }

    /** Looks for secrets in all that the calls of a test told. */
    @After
    public final void toldNoSecret() {
        for (TestWork work : works) {
            work.log().forEach(line -> hold("the log", line));
            work.doings().forEach(doing -> hold("the progress", doing));
        }
    }

    private void hold(String where, String text) {
        for (String secret : secrets()) {
            assertFalse("a secret is in " + where + ": " + text.replace(secret, "(the secret)"), text.contains(secret));
        }
    }

    /** Whether pauses may take no time, as where nobody is waited for. */
    protected boolean skipsPauses() {
        return false;
    }

    final TestWork work() {
        TestWork work = new TestWork().within(patience());
        if (skipsPauses()) {
            work.skippingPauses();
        }
        works.add(work);
        return work;
    }

    /** Something that a test can bring about, or not. */
    interface Chance {
        boolean happens() throws Exception;
    }

    static void assume(String what, Chance chance) throws Exception {
        Assume.assumeTrue("does not apply: this test cannot bring about that " + what, chance.happens());
    }

    /** Something that a service does. */
    interface Call {
        void make(TestWork work) throws Exception;
    }

    /** Calls, and fails when it is not over in time. */
    static <T> T timed(String what, Duration limit, Callable<T> call) throws Exception {
        Running<T> running = new Running<>(what, call);
        return running.end(limit);
    }

    final void call(String what, Call call) throws Exception {
        TestWork work = work();
        timed(what, patience().plus(grace()), () -> {
            call.make(work);
            return null;
        });
    }

    /** A call on its own thread. */
    static final class Running<T> {

        private final String what;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final Thread thread;

        Running(String what, Callable<T> call) {
            this.what = what;
            thread = new Thread(() -> run(call), "call of " + what);
            thread.setContextClassLoader(call.getClass().getClassLoader());
            thread.setDaemon(true);
            thread.start();
        }

        private void run(Callable<T> call) {
            try {
                result.complete(call.call());
            } catch (Throwable any) { // a test of ours must hear of all that goes wrong
                result.completeExceptionally(any);
            }
        }

        void interrupt() {
            thread.interrupt();
        }

        boolean isOver() {
            return result.isDone();
        }

        T end(Duration limit) throws Exception {
            try {
                return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                String where = Arrays.toString(thread.getStackTrace());
                thread.interrupt();
                throw new AssertionError(what + " has not ended within " + limit + ", it is at " + where, late);
            } catch (ExecutionException thrown) {
                if (thrown.getCause() instanceof Error error) {
                    throw error;
                }
                throw (Exception) thrown.getCause();
            }
        }
    }

    /**
     * Calls what cannot be done.
     *
     * @param kinds that it may be refused with; none for any
     */
    final Problem refused(String what, Call call, Problem.Kind... kinds) throws Exception {
        QrmException refusal = null;
        try {
            call(what, call);
        } catch (QrmException thrown) {
            refusal = thrown;
        } catch (RuntimeException | LinkageError thrown) {
            throw new AssertionError(
                    what
                            + " must end with a QrmException, which says what was tried, on what, why it failed and what to"
                            + " do, and ended with " + thrown,
                    thrown);
        }
        if (refusal == null) {
            fail(what + " cannot be done, and returned as if it was");
        }
        return complete(what, refusal, kinds);
    }

    final Problem complete(String what, QrmException refusal, Problem.Kind... kinds) {
        Problem problem = refusal.problem();
        assertFalse(
                what + " does not say what was tried: " + problem,
                problem.attempted().isBlank());
        assertFalse(
                what + " does not say why it failed: " + problem,
                problem.reason().isBlank());
        for (Throwable each = refusal; each != null; each = each.getCause()) {
            hold("the message", each.toString());
        }
        if (kinds.length > 0) {
            Set<Problem.Kind> allowed = EnumSet.copyOf(List.of(kinds));
            assertTrue(
                    what + " must end with one of " + allowed + ", and ended with " + problem.kind() + ": "
                            + refusal.getMessage(),
                    allowed.contains(problem.kind()));
        }
        return problem;
    }

    /** What the server answers somebody who gives it nonsense is no fault of its: a refusal, but no other exception. */
    final void doneOrRefused(String what, Call call) throws Exception {
        try {
            call(what, call);
        } catch (QrmException refusal) {
            complete(what, refusal);
        } catch (RuntimeException other) {
            throw new AssertionError(
                    what + " must be done, or be refused by a QrmException, and ended with " + other, other);
        }
    }

    /** A thing that a test looks at, or prepares. */
    interface Look {
        void look() throws Exception;
    }

    /**
     * Kills the server where a call uses its context, at one place after the other, and has the next server make the call again. Of
     * places that come late, as those of a call that looks again and again, some are left out.
     *
     * @param call asks for the service each time: that of the next server knows nothing of the former
     */
    final void repeatedAfterEachCrash(String what, Look before, Call call, Look after) throws Exception {
        for (int touch = 1; touch <= MOST_TOUCHES; touch += 1 + touch / 4) {
            before.look();
            TestWork work = work().dyingAt(touch);
            try {
                timed(what, patience().plus(grace()), () -> {
                    call.make(work);
                    return null;
                });
            } catch (ServerDied died) {
                // as it was to
            } catch (RuntimeException other) {
                if (!work.isDead()) {
                    throw other;
                }
            }
            if (work.isDead()) {
                call(what + ", again after a crash at use " + touch + " of its context", call);
            }
            after.look();
            if (!work.isDead()) {
                return;
            }
        }
    }

    /** By itself, and with a reason. */
    final void endsAtItsDeadline(String what, Call call) throws Exception {
        TestWork work = work().within(shortPatience());
        Running<Void> running = new Running<>(what, () -> {
            call.make(work);
            return null;
        });
        try {
            running.end(shortPatience().plus(grace()));
        } catch (QrmException told) {
            complete(what, told, SILENT);
            return;
        } catch (CancelledException obeyed) {
            return;
        }
        fail(what + " was never done, and returned as if it was");
    }

    /** As the server does it: the context says so from then on, and the thread is interrupted. */
    final void endsWhenItIsCancelled(String what, Call call) throws Exception {
        TestWork work = work();
        Running<Void> running = new Running<>(what, () -> {
            call.make(work);
            return null;
        });
        await(what + " uses its context", () -> work.touches() > 0 || running.isOver());
        assertFalse(what + " is over before somebody asks for an end", running.isOver());
        work.cancel();
        running.interrupt();
        try {
            running.end(grace());
        } catch (CancelledException obeyed) {
            return;
        } catch (QrmException told) {
            complete(what, told);
            return;
        }
        fail(what + " was never done, and returned as if it was");
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue("never: " + what, System.nanoTime() - end < 0);
            Thread.onSpinWait();
        }
    }

    /** All at once, on a thread each. */
    final void together(String what, Call... calls) throws Exception {
        List<Running<Void>> all = new ArrayList<>();
        for (Call each : calls) {
            TestWork work = work();
            all.add(new Running<>(what, () -> {
                each.make(work);
                return null;
            }));
        }
        for (Running<Void> each : all) {
            each.end(patience().plus(grace()));
        }
    }

    /** Runs that test in the API of a later release; the body is for who is there. */
    final void inALaterRelease(String method, Look body) throws Throwable {
        if (GrownApi.isHere()) {
            body.look();
        } else {
            GrownApi.run(getClass(), method);
        }
    }
}
