package org.qrm.plugin.simulator.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;

/** Calls of something simulated, which can be made slow, and to fail, one at a time. */
final class CallFaults {

    private static final Duration STEP = Duration.ofMillis(50);

    private final String where;
    private final String command;
    private final List<String> calls;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;

    /**
     * Everything works at first.
     *
     * @param where for messages: {@code simulated storage}
     * @param command the one that breaks and repairs: {@code simulator:storage}
     * @param calls their names
     */
    CallFaults(String where, String command, String... calls) {
        this.where = where;
        this.command = command;
        this.calls = List.of(calls);
    }

    /** Makes every call take that long. */
    void delay(Duration newDelay) {
        delay = newDelay;
    }

    /** @param reason why that call fails from now on; null repairs it */
    void fail(String call, String reason) {
        if (!calls.contains(call)) {
            throw QrmException.invalid(
                    "break " + where, call, "there is no such call", "Use " + String.join(", ", calls) + ".");
        }
        if (reason == null) {
            failures.remove(call);
        } else {
            failures.put(call, reason);
        }
    }

    /**
     * Takes its time, in steps that can be cancelled; then fails if it was told to.
     *
     * @param work null for a call that is no work
     */
    void pretend(String call, String subject, WorkContext work) {
        Duration takes = delay;
        for (Duration done = Duration.ZERO; done.compareTo(takes) < 0; done = done.plus(STEP)) {
            if (work != null) {
                work.checkpoint();
                work.progress((double) done.toNanos() / takes.toNanos(), call);
            }
            Duration left = takes.minus(done);
            pause(left.compareTo(STEP) < 0 ? left : STEP);
        }
        if (work != null) {
            work.checkpoint();
        }
        String reason = failures.get(call);
        if (reason != null) {
            throw QrmException.failed(
                    call + " on " + where, subject, reason, "Repair it: " + command + " " + call, null);
        }
    }

    static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
    }
}
