package org.qrm.core.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of a plug-in, seen by the thread that makes it and by the one that waits. */
public final class PluginCall<T> {

    private static final Logger LOG = LoggerFactory.getLogger(PluginCall.class);

    /** What is called. */
    @FunctionalInterface
    public interface Body<T> {
        T call(WorkContext work) throws Exception;
    }

    private final Object service;
    private final String who;
    private final Duration limit;
    private final Instant deadline;
    private final WorkContext work;
    private final Body<T> body;
    private final CountDownLatch end = new CountDownLatch(1);

    private Thread thread;
    private boolean over;
    private volatile boolean gone;
    private volatile boolean leftBehind;
    private T result;
    private Throwable failure;

    PluginCall(Object service, String who, Duration limit, WorkContext work, Body<T> body) {
        this.service = service;
        this.who = who;
        this.limit = limit;
        this.deadline = Instant.now().plus(limit);
        this.work = work;
        this.body = body;
    }

    Object service() {
        return service;
    }

    boolean of(Object other) {
        return service == other;
    }

    boolean leftBehind() {
        return leftBehind;
    }

    /** Whether it has asked the Java virtual machine to end, and waits for that. */
    synchronized boolean endsTheServer() {
        return thread != null
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(Runtime.class.getName())
                                && frame.getMethodName().equals("exit"));
    }

    void serviceGone() {
        gone = true;
        end.countDown();
    }

    /** On the call's own thread. */
    void run() {
        if (!begin()) {
            return;
        }
        T value = null;
        Throwable thrown = null;
        try {
            value = body.call(new Bounded());
        } catch (Throwable any) { // a plug-in compiled against another API throws Errors
            thrown = any;
        }
        finish(value, thrown);
    }

    private synchronized boolean begin() {
        if (leftBehind) {
            return false;
        }
        thread = Thread.currentThread();
        Object called = service instanceof Admission.Guarded guarded ? guarded.original() : service;
        thread.setContextClassLoader(called.getClass().getClassLoader());
        return true;
    }

    private synchronized void finish(T value, Throwable thrown) {
        over = true;
        result = value;
        failure = thrown;
        Thread.interrupted();
        thread.setContextClassLoader(null);
        thread = null;
        end.countDown();
    }

    /** On the caller's thread, which is never interrupted for it. */
    T await(Duration look) {
        boolean returned = false;
        try {
            while (!ended(look)) {
                endedByCaller();
                if (!Instant.now().isBefore(deadline)) {
                    throw timeout();
                }
            }
            returned = isOver();
        } finally {
            if (!returned) {
                leave();
            }
        }
        if (!returned) {
            throw wentAway();
        }
        if (failure != null) {
            throw translated(failure);
        }
        return result;
    }

    private boolean ended(Duration look) {
        try {
            return end.await(look.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the server stops");
        }
    }

    private void endedByCaller() {
        if (work != null) {
            work.checkpoint();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized void leave() {
        leftBehind = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private QrmException wentAway() {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                "call",
                who,
                "it went away during the call",
                "Start its bundle again, then try again."));
    }

    private QrmException timeout() {
        return new QrmException(new Problem(
                Problem.Kind.TIMEOUT,
                "call",
                who,
                "it did not return within " + limit.toSeconds() + " s",
                "Look at the log of that plug-in, then try again."));
    }

    private RuntimeException translated(Throwable thrown) {
        if (thrown instanceof QrmException refused) {
            return refused;
        }
        if (thrown instanceof CancelledException obeyed) {
            return whyItHadToEnd(obeyed);
        }
        LOG.warn("{} failed", who, thrown);
        String message = thrown.getMessage() == null
                ? thrown.getClass().getSimpleName()
                : thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
        return QrmException.failed("call", who, message, "The server's log has more.", thrown);
    }

    private RuntimeException whyItHadToEnd(CancelledException obeyed) {
        endedByCaller();
        if (gone) {
            return wentAway();
        }
        return Instant.now().isBefore(deadline) ? obeyed : timeout();
    }

    /** The caller's context, until the call is over. */
    private final class Bounded implements WorkContext {

        @Override
        public Instant deadline() {
            return work != null && work.deadline().isBefore(deadline) ? work.deadline() : deadline;
        }

        @Override
        public void progress(double fraction, String doing) {
            if (work != null && !leftBehind) {
                work.progress(fraction, doing);
            }
        }

        @Override
        public void log(String line) {
            if (work != null && !leftBehind) {
                work.log(line);
            }
        }

        @Override
        public void checkpoint() {
            if (leftBehind || gone || !Instant.now().isBefore(deadline)) {
                throw new CancelledException("the call of " + who + " is over");
            }
            endedByCaller();
        }
    }
}
