package org.qrm.core.operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Problem;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;

/**
 * A row of the operation table.
 *
 * @param reason why it did not come to its end, in a sentence; else empty
 * @param problem the same whole; null while it may, and for one that an earlier release ended
 */
record OperationRow(
        long id,
        String kind,
        String subject,
        Long partOf,
        String parameters,
        OperationState state,
        boolean undoing,
        int step,
        List<String> steps,
        Instant stepDeadline,
        double progress,
        String doing,
        String reason,
        Problem problem,
        boolean cancelRequested,
        Instant created,
        Instant started,
        Instant finished,
        String claimedBy,
        long fence) {

    static final RowMapper<OperationRow> ROW = (row, context) -> new OperationRow(
            row.getLong("id"),
            row.getString("kind"),
            row.getString("subject"),
            number(row.getLong("part_of"), row.wasNull()),
            row.getString("parameters"),
            OperationState.valueOf(row.getString("state")),
            row.getBoolean("undoing"),
            row.getInt("step"),
            List.of(row.getString("steps").split(",")),
            instant(row.getLong("step_deadline"), row.wasNull()),
            row.getDouble("progress"),
            row.getString("doing"),
            row.getString("reason"),
            StoredProblem.read(row.getString("problem")),
            row.getBoolean("cancel_requested"),
            Instant.ofEpochMilli(row.getLong("created")),
            instant(row.getLong("started"), row.wasNull()),
            instant(row.getLong("finished"), row.wasNull()),
            row.getString("claimed_by"),
            row.getLong("fence"));

    /** One that is asked for now, and waits. */
    static OperationRow queued(String kind, String subject, Record parameters, List<String> steps) {
        return fresh(kind, subject, parameters, steps, OperationState.QUEUED, null, 0);
    }

    /** One that is asked for now, and taken by that server in the same breath. */
    static OperationRow claimed(String kind, String subject, Record parameters, List<String> steps, String server) {
        return fresh(kind, subject, parameters, steps, OperationState.RUNNING, server, 1);
    }

    private static OperationRow fresh(
            String kind,
            String subject,
            Record parameters,
            List<String> steps,
            OperationState state,
            String claimedBy,
            long fence) {
        Instant now = Instant.now();
        return new OperationRow(
                0,
                kind,
                subject,
                null,
                Parameters.write(parameters),
                state,
                false,
                0,
                steps,
                null,
                0,
                "",
                "",
                null,
                false,
                now,
                claimedBy == null ? null : now,
                null,
                claimedBy,
                fence);
    }

    /** As it was stored. */
    OperationRow stored(long itsId, Long whole) {
        return copy(itsId, whole, step, steps);
    }

    /** The same, at that one of other steps. */
    OperationRow at(int other, List<String> those) {
        return copy(id, partOf, other, those);
    }

    private OperationRow copy(long itsId, Long whole, int at, List<String> those) {
        return new OperationRow(
                itsId,
                kind,
                subject,
                whole,
                parameters,
                state,
                undoing,
                at,
                those,
                stepDeadline,
                progress,
                doing,
                reason,
                problem,
                cancelRequested,
                created,
                started,
                finished,
                claimedBy,
                fence);
    }

    /** As others see it; {@code within} is how far the present step is, 0..1. */
    Operation toOperation(double within) {
        List<Operation.Step> list = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            list.add(new Operation.Step(steps.get(i), stateOf(i)));
        }
        double done = state == OperationState.DONE ? 1 : Math.min(0.99, rounded((step + within) / steps.size()));
        return new Operation(
                id,
                kind,
                subject,
                partOf,
                state,
                done,
                doing,
                list,
                reason,
                problem,
                cancelRequested,
                created,
                started,
                finished);
    }

    /** To what people can tell apart: binary fractions have long tails. */
    private static double rounded(double fraction) {
        return Math.round(fraction * 1000) / 1000.0;
    }

    private OperationState stateOf(int index) {
        if (index < step || state == OperationState.DONE) {
            return OperationState.DONE;
        }
        if (index > step || state == OperationState.QUEUED) {
            return state.ended() ? OperationState.CANCELLED : OperationState.QUEUED;
        }
        return undoing && !state.ended() ? OperationState.FAILED : state;
    }

    private static Long number(long value, boolean wasNull) {
        return wasNull ? null : value;
    }

    private static Instant instant(long millis, boolean wasNull) {
        return wasNull ? null : Instant.ofEpochMilli(millis);
    }
}
