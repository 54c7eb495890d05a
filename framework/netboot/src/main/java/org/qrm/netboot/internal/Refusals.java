package org.qrm.netboot.internal;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.resource.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of requests that cannot be answered as asked: status, account of the address, event, log. */
@Component(service = Refusals.class)
public class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int BURST = 200;
    private static final double PER_SECOND = 5;
    private static final int MAX_ADDRESSES = 8192;
    private static final long LOG_PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final Core core;
    private final NodeCalls calls;
    private final FailureLimit limit;
    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());
    private final AtomicLong notLogged = new AtomicLong();

    @Activate
    public Refusals(@Reference Core core, @Reference NodeCalls calls) {
        this(core, calls, new FailureLimit(BURST, PER_SECOND, MAX_ADDRESSES, System::nanoTime));
    }

    Refusals(Core core, NodeCalls calls, FailureLimit limit) {
        this.core = core;
        this.calls = calls;
        this.limit = limit;
    }

    /**
     * How a request that failed is answered.
     *
     * @param status HTTP status
     * @param why one line for whoever asked; no internals
     */
    record Answer(int status, String why) {}

    /** Whether that address has had its share of refusals for now. */
    boolean tooMany(String address) {
        return limit.exhausted(address);
    }

    /** Puts a refusal on that address's account. */
    void blame(String address) {
        limit.failed(address);
    }

    /** Puts on record something that was refused before it had a meaning. */
    void record(String address, String what) {
        calls.tryExecute(
                NodeCalls.Caller.STRANGER,
                () -> core.nodesIfPresent().ifPresent(nodes -> nodes.refused(address, what)));
    }

    /** Puts on record that a machine's boot loader is answered an error. */
    void unbootable(MacAddress mac, String why) {
        calls.tryExecute(
                NodeCalls.Caller.STRANGER, () -> core.nodesIfPresent().ifPresent(nodes -> nodes.unbootable(mac, why)));
    }

    /** The answer to a request that failed; counts it when its sender is to blame, logs it when the server is. */
    Answer answer(String address, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof CancellationException) {
            return new Answer(503, "The request was given up.");
        }
        if (!(cause instanceof QrmException refusal)) {
            log(cause);
            return new Answer(500, "The server failed; its log says why.");
        }
        Problem problem = refusal.problem();
        int status = status(problem.kind());
        if (status == 500) {
            log(refusal);
            return new Answer(500, "The server failed; its log says why.");
        }
        if (status < 500 && status != 409) {
            limit.failed(address);
        }
        return new Answer(status, problem.sentence());
    }

    private static int status(Problem.Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT, REFUSED -> 409;
            case TOO_LARGE -> 413;
            case TIMEOUT, UNAVAILABLE, UNREACHABLE -> 503;
            case FAILED -> 500;
        };
    }

    private void log(Throwable cause) {
        long now = System.nanoTime();
        long next = nextLog.get();
        if (now - next < 0 || !nextLog.compareAndSet(next, now + LOG_PAUSE)) {
            notLogged.incrementAndGet();
            return;
        }
        long others = notLogged.getAndSet(0);
        LOG.error(
                "A machine's request failed{}",
                others == 0 ? "" : " (and " + others + " more since the last such line)",
                cause);
    }
}
