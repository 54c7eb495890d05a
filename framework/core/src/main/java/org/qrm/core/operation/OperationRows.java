package org.qrm.core.operation;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Problem;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationState;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.core.store.Column;
import org.qrm.core.store.Dialect;
import org.qrm.core.store.Listing;
import org.qrm.core.store.Place;
import org.qrm.core.store.Said;
import org.qrm.core.store.Searched;
import org.qrm.core.store.Text;

/** The operation tables. */
public final class OperationRows {

    private static final int LONGEST_DOING = 200;
    private static final String UNENDED = "('QUEUED', 'RUNNING')";

    private static final RowMapper<Operation> OPERATION = (row, context) -> {
        OperationRow found = OperationRow.ROW.map(row, context);
        return found.toOperation(found.progress());
    };

    static final Listing<Operation, OperationField> LISTING =
            new Listing<>("operation", OPERATION, OperationField.ID, OperationRows::column);

    /** How operations are searched, the newest of them. */
    public static final Searched<Operation> SEARCHED = new Searched<>(
            FoundKind.OPERATION,
            "operation",
            "operation.*",
            OPERATION,
            Place.number("id"),
            List.of(Place.text("subject"), Place.text("kind"), Place.text("reason")),
            "id desc",
            Searched.NEWEST,
            Found::of,
            operation -> List.of(
                    new Said("number", Long.toString(operation.id())),
                    new Said("subject", operation.subject()),
                    new Said("kind", operation.kind()),
                    new Said("reason", operation.reason())));

    private OperationRows() {}

    /** @param claimUntil how long it is its server's, when it is a server's */
    static long insert(Handle handle, OperationRow row, long claimUntil, Collection<String> lanes) {
        boolean claimed = row.claimedBy() != null;
        long id = handle.createUpdate(
                        "insert into operation (kind, subject, parameters, state, undoing, step, step_count, steps,"
                                + " progress, reason, cancel_requested, created, started, claimed_by, claim_until, fence)"
                                + " values (:kind, :subject, :parameters, :state, false, 0, :count, :steps, 0, '', false,"
                                + " :created, :started, :server, :until, :fence)")
                .bind("kind", row.kind())
                .bind("subject", row.subject())
                .bind("parameters", row.parameters())
                .bind("state", row.state().name())
                .bind("count", row.steps().size())
                .bind("steps", String.join(",", row.steps()))
                .bind("created", row.created().toEpochMilli())
                .bind("started", claimed ? row.started().toEpochMilli() : null)
                .bind("server", row.claimedBy())
                .bind("until", claimed ? claimUntil : null)
                .bind("fence", row.fence())
                .executeAndReturnGeneratedKeys()
                .mapTo(Long.class)
                .one();
        addLanes(handle, id, lanes);
        return id;
    }

    private static void addLanes(Handle handle, long id, Collection<String> lanes) {
        for (String lane : lanes) {
            handle.execute("insert into operation_lane (operation_id, lane) values (?, ?)", id, lane);
        }
    }

    static Optional<OperationRow> find(Handle handle, long id) {
        return handle.createQuery("select * from operation where id = :id")
                .bind("id", id)
                .map(OperationRow.ROW)
                .findOne();
    }

    private static Column<Operation> column(OperationField field) {
        return switch (field) {
            case ID -> Column.number("id", Operation::id);
            case STATE -> Column.text("state", operation -> operation.state().name());
            case KIND -> Column.text("kind", Operation::kind);
            case SUBJECT -> Column.text("subject", Operation::subject);
            case PART_OF -> Column.only("part_of = :value");
            case WHOLE -> Column.onlyIf("part_of is null");
            case FROM -> Column.only("created >= :value");
            case TO -> Column.only("created < :value");
            case TEXT -> Column.contains("kind", "subject", "reason");
        };
    }

    static Map<OperationState, Long> countByState(Handle handle) {
        return handle.createQuery("select state, count(*) as number from operation group by state")
                .map((row, context) -> Map.entry(OperationState.valueOf(row.getString("state")), row.getLong("number")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The highest id that was given so far. */
    static long newest(Handle handle) {
        return handle.createQuery("select max(id) from operation")
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** Operations after that one that nobody else holds and that nothing before them on their lanes keeps from running. */
    static List<Long> claimable(Handle handle, String server, long after, int limit) {
        return handle.createQuery("select o.id from operation o where o.state in " + UNENDED
                        + " and o.id > :after and (o.claimed_by is null or o.claimed_by = :server or o.claim_until < :now)"
                        + " and not exists (select 1 from operation_lane mine join operation_lane theirs"
                        + " on theirs.lane = mine.lane and theirs.operation_id < mine.operation_id"
                        + " where mine.operation_id = o.id) order by o.id fetch first " + limit + " rows only")
                .bind("after", after)
                .bind("server", server)
                .bind("now", System.currentTimeMillis())
                .mapTo(Long.class)
                .list();
    }

    /** Looks at each lane by its key: a scan would wait for every operation that is being changed. */
    static boolean isFirstOnItsLanes(Handle handle, long id) {
        return lanes(handle, id).stream()
                .allMatch(lane -> handle.createQuery("select min(operation_id) from operation_lane where lane = :lane")
                                .bind("lane", lane)
                                .mapTo(Long.class)
                                .one()
                        == id);
    }

    /**
     * Takes the operation; false when another server was quicker. For as long as nobody held it, its step's time did not go on: whoever
     * had it renewed his lease until then.
     */
    static boolean claim(Handle handle, OperationRow row, String server, long until) {
        long now = until - OperationEngine.LEASE.toMillis();
        return handle.createUpdate("update operation set claimed_by = :server, claim_until = :until, fence = fence + 1,"
                                + " state = 'RUNNING', started = coalesce(started, :now), step_deadline ="
                                + " case when claim_until - :lease < :now"
                                + " then step_deadline + (:now - (claim_until - :lease)) else step_deadline end"
                                + " where id = :id and fence = :fence and state in " + UNENDED
                                + " and (claimed_by is null or claimed_by = :server or claim_until < :now)")
                        .bind("server", server)
                        .bind("until", until)
                        .bind("now", now)
                        .bind("lease", OperationEngine.LEASE.toMillis())
                        .bind("id", row.id())
                        .bind("fence", row.fence())
                        .execute()
                == 1;
    }

    /** Its steps are those from now on. */
    static void setSteps(Handle handle, OperationRow row) {
        handle.createUpdate("update operation set step = :step, step_count = :count, steps = :steps where id = :id")
                .bind("step", row.step())
                .bind("count", row.steps().size())
                .bind("steps", String.join(",", row.steps()))
                .bind("id", row.id())
                .execute();
    }

    /** Until when its step may take, or null. */
    static Instant deadline(Handle handle, long id) {
        return handle.createQuery("select step_deadline from operation where id = :id and step_deadline is not null")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli)
                .orElse(null);
    }

    /** As if it had not been taken. */
    static boolean giveBack(Handle handle, long id, long fence) {
        return handle.execute(
                        "update operation set state = 'QUEUED', started = null, claimed_by = null, claim_until = null"
                                + " where id = ? and fence = ? and state = 'RUNNING'",
                        id,
                        fence)
                == 1;
    }

    static void renew(Handle handle, String server, long until) {
        handle.createUpdate(
                        "update operation set claim_until = :until where claimed_by = :server and state = 'RUNNING'")
                .bind("until", until)
                .bind("server", server)
                .execute();
    }

    static boolean isHeld(Handle handle, long id, long fence) {
        return handle.createQuery("select count(*) from operation where id = :id and fence = :fence")
                        .bind("id", id)
                        .bind("fence", fence)
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    /** As {@link #isHeld}, and nobody takes it over until the transaction ends. */
    static boolean keepHeld(Handle handle, long id, long fence) {
        return handle.execute("update operation set fence = fence where id = ? and fence = ?", id, fence) == 1;
    }

    static boolean moveTo(Handle handle, long id, long fence, int step) {
        return handle.createUpdate("update operation set step = :step, progress = 0, doing = '', step_deadline = null"
                                + " where id = :id and fence = :fence")
                        .bind("step", step)
                        .bind("id", id)
                        .bind("fence", fence)
                        .execute()
                == 1;
    }

    static boolean setDeadline(Handle handle, long id, long fence, int step, long deadline) {
        return handle.createUpdate("update operation set doing = case when step = :step then doing else '' end,"
                                + " step = :step, step_deadline = :deadline where id = :id and fence = :fence")
                        .bind("step", step)
                        .bind("deadline", deadline)
                        .bind("id", id)
                        .bind("fence", fence)
                        .execute()
                == 1;
    }

    static boolean beginUndo(Handle handle, long id, long fence, Problem why) {
        return handle.createUpdate("update operation set undoing = true, step_deadline = null, reason = :reason,"
                                + " problem = :problem"
                                + " where id = :id and fence = :fence and undoing = false")
                        .bind("reason", Text.cut(why.sentence(), 4000))
                        .bind("problem", StoredProblem.write(why))
                        .bind("id", id)
                        .bind("fence", fence)
                        .execute()
                == 1;
    }

    /** @param why null when it is done */
    static boolean end(Handle handle, long id, long fence, OperationState state, int step, Problem why) {
        boolean ended = handle.createUpdate(
                                "update operation set state = :state, step = :step, reason = :reason, problem = :problem,"
                                        + " finished = :now,"
                                        + " claimed_by = null, claim_until = null, step_deadline = null"
                                        + " where id = :id and fence = :fence and state = 'RUNNING'")
                        .bind("state", state.name())
                        .bind("step", step)
                        .bind("reason", why == null ? "" : Text.cut(why.sentence(), 4000))
                        .bind("problem", why == null ? null : StoredProblem.write(why))
                        .bind("now", System.currentTimeMillis())
                        .bind("id", id)
                        .bind("fence", fence)
                        .execute()
                == 1;
        if (ended) {
            OperationCalls.forget(handle, id);
            lanes(handle, id)
                    .forEach(lane ->
                            handle.execute("delete from operation_lane where lane = ? and operation_id = ?", lane, id));
        }
        return ended;
    }

    static void setProgress(Handle handle, long id, long fence, int step, double within, String doing) {
        handle.execute(
                "update operation set step = ?, progress = ?, doing = ? where id = ? and fence = ? and undoing = false",
                step,
                within,
                Text.cut(doing, LONGEST_DOING),
                id,
                fence);
    }

    static int requestCancel(Handle handle, long id) {
        return handle.createUpdate(
                        "update operation set cancel_requested = true where id = :id and state in " + UNENDED)
                .bind("id", id)
                .execute();
    }

    /** Adds a line to its log, which is what it is at until it says more. */
    static void say(Handle handle, long id, long fence, String text) {
        log(handle, id, text);
        handle.execute(
                "update operation set doing = ? where id = ? and fence = ?", Text.cut(text, LONGEST_DOING), id, fence);
    }

    static void log(Handle handle, long id, String text) {
        handle.execute(
                "insert into operation_log (operation_id, time, text) values (?, ?, ?)",
                id,
                System.currentTimeMillis(),
                Text.cut(text, 1000));
    }

    static List<LogLine> log(Handle handle, long id) {
        List<LogLine> newestFirst = handle.createQuery("select time, text from operation_log where operation_id = :id"
                        + " order by id desc fetch first 1000 rows only")
                .bind("id", id)
                .map((row, context) -> new LogLine(Instant.ofEpochMilli(row.getLong("time")), row.getString("text")))
                .list();
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    /** The oldest operation on each of the lanes. */
    static List<Long> firstOn(Handle handle, Collection<String> lanes) {
        return lanes.stream()
                .map(lane -> handle.createQuery("select min(operation_id) from operation_lane where lane = :lane")
                        .bind("lane", lane)
                        .mapTo(Long.class)
                        .findOne())
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    static List<Long> onLane(Handle handle, String lane) {
        return handle.createQuery("select operation_id from operation_lane where lane = :lane order by operation_id")
                .bind("lane", lane)
                .mapTo(Long.class)
                .list();
    }

    static List<String> lanes(Handle handle, long id) {
        return handle.createQuery("select lane from operation_lane" + Dialect.foreignKey("operation_lane_of")
                        + " where operation_id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }
}
