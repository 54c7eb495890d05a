package org.qrm.core.operation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.operation.OperationPart;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.PartState;
import org.qrm.core.store.Cursor;
import org.qrm.core.store.Text;

/** The table of the things that operations on many are about. */
final class PartRows {

    private static final int LONGEST_REASON = 1000;
    private static final String NOT_WELL = "('FAILED', 'REFUSED', 'CANCELLED')";

    /**
     * A row.
     *
     * @param place tells it from the others of its operation, ascending from 1
     */
    record Row(int place, OperationPart part) {}

    /** A part whose own operation has ended, and how. */
    record Ended(int place, String name, OperationState state, String reason) {}

    private static final RowMapper<Row> ROW = (row, context) -> {
        long carriedBy = row.getLong("carried_by");
        Long operation = row.wasNull() ? null : carriedBy;
        return new Row(
                row.getInt("place"),
                new OperationPart(
                        row.getString("subject"),
                        row.getString("name"),
                        PartState.valueOf(row.getString("state")),
                        operation,
                        row.getString("reason")));
    };

    private PartRows() {}

    static void insert(Handle handle, long operation, List<ManyKind.Thing> things) {
        PreparedBatch batch =
                handle.prepareBatch("insert into operation_part (operation_id, place, subject, name, state, reason)"
                        + " values (:operation, :place, :subject, :name, 'QUEUED', '')");
        int place = 1;
        for (ManyKind.Thing thing : things) {
            batch.bind("operation", operation)
                    .bind("place", place++)
                    .bind("subject", thing.subject())
                    .bind("name", thing.name())
                    .add();
        }
        batch.execute();
    }

    /** A page in the order of their places. */
    static Page<OperationPart> page(Handle handle, long operation, PartState state, PageRequest page) {
        Query query = handle.createQuery(
                        "select * from operation_part where operation_id = :operation and place > :after"
                                + (state == null ? "" : " and state = :state") + " order by place fetch first "
                                + (page.limit() + 1) + " rows only")
                .bind("operation", operation)
                .bind("after", after(page));
        if (state != null) {
            query.bind("state", state.name());
        }
        Page<Row> rows = Cursor.page(query.map(ROW).list(), page, row -> String.valueOf(row.place()));
        return new Page<>(rows.items().stream().map(Row::part).toList(), rows.next());
    }

    private static int after(PageRequest page) {
        return page.after() == null ? 0 : Cursor.number(page);
    }

    /** The next that are not begun. */
    static List<Row> queued(Handle handle, long operation, int most) {
        return handle.createQuery("select * from operation_part where operation_id = :operation and state = 'QUEUED'"
                        + " order by place fetch first " + most + " rows only")
                .bind("operation", operation)
                .map(ROW)
                .list();
    }

    /** Those whose own operation has ended. What became of one that is forgotten already is not known: it counts as done. */
    static List<Ended> ended(Handle handle, long operation) {
        return handle.createQuery("select p.place, p.name, o.state, o.reason from operation_part p"
                        + " left join operation o on o.id = p.carried_by"
                        + " where p.operation_id = :operation and p.state = 'RUNNING'"
                        + " and (o.id is null or o.state in ('DONE', 'FAILED', 'CANCELLED')) order by p.place")
                .bind("operation", operation)
                .map((row, context) -> new Ended(
                        row.getInt("place"),
                        row.getString("name"),
                        row.getString("state") == null
                                ? OperationState.DONE
                                : OperationState.valueOf(row.getString("state")),
                        row.getString("reason") == null ? "" : row.getString("reason")))
                .list();
    }

    /** The operations that are at work on parts. */
    static List<Long> atWork(Handle handle, long operation) {
        return handle.createQuery("select carried_by from operation_part where operation_id = :operation"
                        + " and state = 'RUNNING' order by place")
                .bind("operation", operation)
                .mapTo(Long.class)
                .list();
    }

    /** The first that ended otherwise than well. */
    static List<Row> failed(Handle handle, long operation, int most) {
        return handle.createQuery("select * from operation_part where operation_id = :operation" + " and state in "
                        + NOT_WELL + " order by place fetch first " + most + " rows only")
                .bind("operation", operation)
                .map(ROW)
                .list();
    }

    /** Whether so many, at least one, ended otherwise than well. */
    static boolean haveFailed(Handle handle, long operation, int number) {
        return handle.createQuery("select place from operation_part where operation_id = :operation and state in "
                        + NOT_WELL + " order by place offset " + (number - 1) + " rows fetch first 1 rows only")
                .bind("operation", operation)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** How many stand where; states without any are absent. */
    static Map<PartState, Integer> counts(Handle handle, long operation) {
        return handle.createQuery("select state, count(*) as number from operation_part where operation_id = :operation"
                        + " group by state")
                .bind("operation", operation)
                .map((row, context) -> Map.entry(PartState.valueOf(row.getString("state")), row.getInt("number")))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, Integer::sum, () -> new EnumMap<>(PartState.class)));
    }

    /**
     * Takes a part out of the queue; false when it is there no longer.
     *
     * @param carriedBy the operation that is at work on it from now on; null when it is done
     */
    static boolean begin(Handle handle, long operation, int place, Long carriedBy) {
        PartState state = carriedBy == null ? PartState.DONE : PartState.RUNNING;
        if (carriedBy != null) {
            handle.execute("update operation set part_of = ? where id = ?", operation, carriedBy);
        }
        return handle.createUpdate("update operation_part set state = :state, carried_by = :carriedBy"
                                + " where operation_id = :operation and place = :place and state = 'QUEUED'")
                        .bind("state", state.name())
                        .bind("carriedBy", carriedBy)
                        .bind("operation", operation)
                        .bind("place", place)
                        .execute()
                == 1;
    }

    static void end(Handle handle, long operation, int place, PartState state, String reason) {
        handle.createUpdate("update operation_part set state = :state, reason = :reason"
                        + " where operation_id = :operation and place = :place")
                .bind("state", state.name())
                .bind("reason", Text.cut(reason, LONGEST_REASON))
                .bind("operation", operation)
                .bind("place", place)
                .execute();
    }

    /** Whatever has not ended is not waited for any more. */
    static void cancelAll(Handle handle, long operation, String atWork, String queued) {
        Map.of("RUNNING", atWork, "QUEUED", queued)
                .forEach((state, reason) -> handle.createUpdate(
                                "update operation_part set state = 'CANCELLED', reason = :reason"
                                        + " where operation_id = :operation and state = :state")
                        .bind("reason", Text.cut(reason, LONGEST_REASON))
                        .bind("operation", operation)
                        .bind("state", state)
                        .execute());
    }
}
