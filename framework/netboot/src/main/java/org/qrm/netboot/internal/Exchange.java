package org.qrm.netboot.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** One request of a machine that is answered later, from whichever thread; exactly one answer gets through. */
final class Exchange implements AsyncListener {

    private final AsyncContext context;
    private final HttpServletResponse response;
    private final Refusals refusals;
    private final String address;
    private final RequestFigures.Measured measured;
    private final AtomicBoolean finished = new AtomicBoolean();
    private volatile Runnable onTimeout =
            () -> refuse(408, "The request did not arrive, or was not answered, in time.");
    private volatile Runnable onEnd = () -> {};

    Exchange(HttpServletRequest request, HttpServletResponse response, Refusals refusals, long timeoutMillis) {
        this.response = response;
        this.refusals = refusals;
        this.address = request.getRemoteAddr();
        RequestFigures.Measured known = RequestFigures.of(request);
        this.measured = known == null ? null : known.later();
        this.context = request.startAsync();
        context.setTimeout(timeoutMillis);
        context.addListener(this);
    }

    String address() {
        return address;
    }

    boolean finished() {
        return finished.get();
    }

    /** What to do instead of refusing when the time is over. */
    void onTimeout(Runnable action) {
        onTimeout = action;
    }

    /** What to do when this exchange is over, however it ended. */
    void onEnd(Runnable action) {
        onEnd = action;
        if (finished.get()) {
            action.run();
        }
    }

    /** Answers 200. */
    void answer(byte[] body) {
        finish(200, body, false);
    }

    /** Answers a failure; the connection lives on. */
    void fail(Throwable thrown) {
        Refusals.Answer answer = refusals.answer(address, thrown);
        finish(answer.status(), NodeAnswer.error(answer.why()), false);
    }

    /** Refuses a request whose rest is of no interest: the connection is closed. */
    void refuse(int status, String why) {
        refusals.blame(address);
        finish(status, NodeAnswer.error(why), true);
    }

    /** The answer was written by somebody else, to its end. */
    void sent() {
        if (finished.compareAndSet(false, true)) {
            complete();
        }
    }

    /** The answer cannot be brought to its end; the connection is of no use any more. */
    void abort() {
        sent();
    }

    private void finish(int status, byte[] body, boolean close) {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        try {
            Answers.send(response, status, body, close);
        } catch (IOException | IllegalStateException gone) {
            // the machine has gone; there is nobody to tell
        } finally {
            complete();
        }
    }

    /** It is answered when there is something to say, or its time is over. */
    void held() {
        if (measured != null) {
            measured.held();
        }
    }

    private void measure() {
        if (measured != null) {
            measured.end(response);
        }
    }

    private void complete() {
        // not asked after that: the container may use it for another request
        measure();
        try {
            context.complete();
        } catch (IllegalStateException over) {
            // the container has ended it already
        }
        onEnd.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        onTimeout.run();
    }

    @Override
    public void onError(AsyncEvent event) {
        abort();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        if (finished.compareAndSet(false, true)) {
            measure();
            onEnd.run();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // never dispatched again
    }
}
