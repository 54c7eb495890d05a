package org.qrm.core.node;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Report;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.resource.ResourceRow;

/** What this server remembers of a machine between two reports, so that a report that says nothing new costs nothing. */
final class NodeSession {

    /** The rows that a machine's instruction follows from. */
    record Known(ResourceRow row, AssignmentRow assignment, long readAt) {}

    /** An answer that waits for something to say. */
    record Held(CompletableFuture<Instruction> answer, Report.NodeState state) {}

    private volatile Known known;
    private volatile long lastSeen;
    private volatile Report.NodeState state = Report.NodeState.IDLE;
    private volatile double load;
    private volatile boolean unwritten;
    private volatile String lastError = "";
    private long generation;
    private Held held;

    Known known() {
        return known;
    }

    /** To be taken before the rows are read. */
    synchronized long generation() {
        return generation;
    }

    /** Remembers rows, unless they were changed after the generation was taken. */
    synchronized void know(Known rows, long readIn) {
        if (readIn == generation) {
            known = rows;
        }
    }

    synchronized void forgetRows() {
        generation++;
        known = null;
    }

    static boolean matches(Known rows, String tokenDigest) {
        return matches(rows.row().nodeTokenHash(), tokenDigest);
    }

    /** @param stored null when there is none */
    static boolean matches(String stored, String tokenDigest) {
        return stored != null
                && MessageDigest.isEqual(
                        stored.getBytes(StandardCharsets.US_ASCII), tokenDigest.getBytes(StandardCharsets.US_ASCII));
    }

    void seen(long now, Report.NodeState where, double loadAverage) {
        lastSeen = now;
        state = where;
        load = loadAverage;
        unwritten = true;
    }

    /** Whether there is telemetry to write; asking takes it as written. */
    boolean takeUnwritten() {
        boolean is = unwritten;
        unwritten = false;
        return is;
    }

    long lastSeen() {
        return lastSeen;
    }

    /** Where it said last that it is. */
    Report.NodeState state() {
        return state;
    }

    double load() {
        return load;
    }

    /** Whether that is another error than the last one; none makes the next one new. */
    boolean isNewError(String error) {
        boolean is = !error.isEmpty() && !error.equals(lastError);
        lastError = error;
        return is;
    }

    /** Puts an answer on hold; returns one that was there before, to be let go. */
    synchronized Held hold(Held next) {
        Held before = held;
        held = next;
        return before;
    }

    synchronized Held held() {
        return held;
    }

    /** Ends the hold of that answer. */
    synchronized void release(Held which) {
        if (held == which) {
            held = null;
        }
    }
}
