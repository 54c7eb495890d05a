package org.qrm.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;

/**
 * Work that remembers what it is told, and ends when a test says so. It has 60 s unless it is given others. Whatever breaks the
 * promises of {@link WorkContext}, as a progress of more than 1, fails the test. For any number of threads.
 */
public final class TestWork implements WorkContext {

    private final List<String> log = new ArrayList<>();
    private final List<Double> fractions = new ArrayList<>();
    private final List<String> doings = new ArrayList<>();
    private Instant deadline = Instant.now().plusSeconds(60);
    private boolean skipsPauses;
    private boolean cancelled;
    private boolean dead;
    private int touches;
    private int dyingAt = Integer.MAX_VALUE;
    private int cancelledAt = Integer.MAX_VALUE;

    /** It has so much time from now on. */
    public synchronized TestWork within(Duration limit) {
        deadline = Instant.now().plus(limit);
        return this;
    }

    /** Pauses take no time: the deadline comes nearer by each instead. */
    public synchronized TestWork skippingPauses() {
        skipsPauses = true;
        return this;
    }

    /** Somebody asks for an end, now. */
    public synchronized TestWork cancel() {
        cancelled = true;
        return this;
    }

    /**
     * Somebody asks for an end while it is under way.
     *
     * @param touch at which use of this context, 1 for the first
     */
    public synchronized TestWork cancelledAt(int touch) {
        cancelledAt = touch;
        return this;
    }

    /**
     * The server is killed while it is under way: {@link ServerDied} is thrown.
     *
     * @param touch at which use of this context, 1 for the first
     */
    public synchronized TestWork dyingAt(int touch) {
        dyingAt = touch;
        return this;
    }

    /** How often the context was used: each progress, line, checkpoint and pause. */
    public synchronized int touches() {
        return touches;
    }

    /** Whether the server was killed. */
    public synchronized boolean isDead() {
        return dead;
    }

    /** The lines of its log, in order. */
    public synchronized List<String> log() {
        return List.copyOf(log);
    }

    /** How far it was each time that it said so, 0..1. */
    public synchronized List<Double> fractions() {
        return List.copyOf(fractions);
    }

    /** What it said it was doing, in order. */
    public synchronized List<String> doings() {
        return List.copyOf(doings);
    }

    @Override
    public synchronized Instant deadline() {
        return deadline;
    }

    @Override
    public void progress(double fraction, String doing) {
        if (!(fraction >= 0 && fraction <= 1) || doing == null) {
            throw new AssertionError(
                    "progress(" + fraction + ", " + doing + "): a fraction is 0..1, and is told with what is done");
        }
        synchronized (this) {
            touch();
            fractions.add(fraction);
            doings.add(doing);
        }
    }

    @Override
    public void log(String line) {
        if (line == null) {
            throw new AssertionError("log(null): a line of the log is a text");
        }
        synchronized (this) {
            touch();
            log.add(line);
        }
    }

    @Override
    public synchronized void checkpoint() {
        touch();
        if (cancelled) {
            throw new CancelledException("somebody asked for an end");
        }
        if (!Instant.now().isBefore(deadline)) {
            throw new CancelledException("its time is over");
        }
    }

    @Override
    public void pause(Duration time) {
        synchronized (this) {
            touch();
            if (skipsPauses) {
                deadline = deadline.minus(time.isNegative() ? Duration.ZERO : time);
                return;
            }
        }
        WorkContext.super.pause(time);
    }

    private void touch() {
        touches++;
        cancelled |= touches >= cancelledAt;
        dead |= touches >= dyingAt;
        if (dead) {
            throw new ServerDied(touches);
        }
    }
}
