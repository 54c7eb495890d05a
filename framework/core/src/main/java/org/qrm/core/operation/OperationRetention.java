package org.qrm.core.operation;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.qrm.core.store.Database;

/**
 * Forgets operations that ended long ago, with their logs, a few at a time. One that has not ended is never forgotten, nor is a part of it.
 */
public final class OperationRetention {

    private static final Duration AGE = Duration.ofDays(90);
    private static final int MOST = 10_000;
    private static final int BATCH = 100;
    private static final String ENDED = "state in ('DONE', 'FAILED', 'CANCELLED')";

    /** Operations by themselves, and parts of one on many: however many those are, they leave the others their room. */
    private static final Map<String, Integer> SORTS = Map.of("part_of is null", 1, "part_of is not null", 2);

    /** An operation on many has yet to see how its parts ended. */
    private static final String SEEN = "not exists (select 1 from operation whole where whole.id = operation.part_of"
            + " and whole.state in ('QUEUED', 'RUNNING'))";

    private final Database database;
    private final Clock clock;
    private final int most;

    public OperationRetention(Database database, Clock clock) {
        this(database, clock, MOST);
    }

    OperationRetention(Database database, Clock clock, int most) {
        this.database = database;
        this.clock = clock;
        this.most = most;
    }

    /** Forgets what is too old or too many. */
    public void run() {
        SORTS.forEach((sort, share) -> run(ENDED + " and " + sort + " and " + SEEN, share * most));
    }

    private void run(String those, int left) {
        long oldest = clock.instant().minus(AGE).toEpochMilli();
        long lastTooMany = database.read(handle -> handle.createQuery("select id from operation where " + those
                        + " order by id desc offset " + left + " rows fetch first 1 rows only")
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
        List<Long> batch;
        do {
            batch = database.read(handle -> handle.createQuery("select id from operation where " + those
                            + " and (id <= :last or finished < :oldest) order by id fetch first " + BATCH
                            + " rows only")
                    .bind("last", lastTooMany)
                    .bind("oldest", oldest)
                    .mapTo(Long.class)
                    .list());
            forget(batch);
        } while (!batch.isEmpty());
    }

    private void forget(List<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        database.change(change -> {
            for (String table : List.of(
                    "operation_log where operation_id",
                    "operation_lane where operation_id",
                    "operation_part where operation_id")) {
                change.handle()
                        .createUpdate("delete from " + table + " in (<ids>)")
                        .bindList("ids", ids)
                        .execute();
            }
            return change.handle()
                    .createUpdate("delete from operation where id in (<ids>)")
                    .bindList("ids", ids)
                    .execute();
        });
    }
}
