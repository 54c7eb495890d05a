package org.qrm.rest.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ReadListener;
import javax.servlet.ServletInputStream;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.QrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of a request by somebody who has not logged in: little of it, soon, and no thread is held while it arrives. What goes
 * wrong with it is told to whoever reads it, as if it were read then.
 */
public final class StrangersBody implements ReadListener, AsyncListener {

    static final int LIMIT = 4096;
    private static final long LIMIT_MILLIS = 5000;
    private static final String ARRIVED = StrangersBody.class.getName();
    private static final Logger LOG = LoggerFactory.getLogger(StrangersBody.class);

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final ServletInputStream input;
    private final AsyncContext context;
    private final Answering then;
    private final AtomicBoolean over = new AtomicBoolean();
    private byte[] bytes = new byte[512];
    private int length;

    /** Answers the request. */
    @FunctionalInterface
    public interface Answering {
        void answer() throws IOException;
    }

    private StrangersBody(
            HttpServletRequest request, HttpServletResponse response, AsyncContext context, Answering then)
            throws IOException {
        this.request = request;
        this.response = response;
        this.context = context;
        this.then = then;
        this.input = request.getInputStream();
    }

    /** Answers when all of the body is there, or will not be. */
    public static void await(HttpServletRequest request, HttpServletResponse response, Answering then)
            throws IOException {
        if (request.getContentLengthLong() > LIMIT) {
            request.setAttribute(ARRIVED, Body.tooLarge(LIMIT));
            then.answer();
            return;
        }
        AsyncContext context = request.startAsync(request, response);
        context.setTimeout(LIMIT_MILLIS);
        StrangersBody body = new StrangersBody(request, response, context, then);
        context.addListener(body, request, response);
        body.input.setReadListener(body);
    }

    /** What has arrived, or null if nothing was awaited. */
    static byte[] of(HttpServletRequest request) {
        Object arrived = request.getAttribute(ARRIVED);
        if (arrived instanceof QrmException wrong) {
            throw wrong;
        }
        return (byte[]) arrived;
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!over.get() && input.isReady() && !input.isFinished()) {
            int count = input.read(bytes, length, bytes.length - length);
            if (count < 0) {
                return;
            }
            length += count;
            if (length > LIMIT) {
                end(Body.tooLarge(LIMIT));
                return;
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(2 * length, LIMIT + 1));
            }
        }
    }

    @Override
    public void onAllDataRead() {
        end(Arrays.copyOf(bytes, length));
    }

    @Override
    public void onError(Throwable thrown) {
        end(Body.brokenOff());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end(Body.late(LIMIT_MILLIS / 1000));
    }

    private void end(Object arrived) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        if (arrived instanceof QrmException) {
            // nobody waits for the rest
            response.setHeader("Connection", "close");
        }
        request.setAttribute(ARRIVED, arrived);
        try {
            then.answer();
        } catch (IOException | UncheckedIOException gone) {
            LOG.debug("{} went away: {}", request.getRemoteAddr(), gone.toString());
        } finally {
            context.complete();
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        end(Body.brokenOff());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // answered
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // nothing begins anew
    }
}
