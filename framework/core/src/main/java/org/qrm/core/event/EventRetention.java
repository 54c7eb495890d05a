package org.qrm.core.event;

import java.time.Clock;
import java.time.Duration;
import java.util.function.ObjLongConsumer;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;

/** Forgets old events, a few at a time, so that nobody who stores one waits for it. */
public final class EventRetention {

    private static final Duration AGE = Duration.ofDays(30);
    private static final int MOST = 100_000;
    private static final int BATCH = 500;

    private final Database database;
    private final Clock clock;
    private final ObjLongConsumer<Change> before;
    private final int most;

    /** @param before hears, in the change that forgets them, up to which number events go */
    public EventRetention(Database database, Clock clock, ObjLongConsumer<Change> before) {
        this(database, clock, before, MOST);
    }

    /** @param most events that are kept */
    public EventRetention(Database database, Clock clock, ObjLongConsumer<Change> before, int most) {
        this.database = database;
        this.clock = clock;
        this.before = before;
        this.most = most;
    }

    /** Forgets what is too old or too many. */
    public void run() {
        long last = lastToForget();
        while (true) {
            long end = endOfBatch(last);
            if (end == 0) {
                return;
            }
            database.change(change -> {
                before.accept(change, end);
                return EventRows.forget(change.handle(), end);
            });
        }
    }

    private long lastToForget() {
        long oldest = clock.instant().minus(AGE).toEpochMilli();
        return database.read(handle -> {
            long tooOld = handle.createQuery("select coalesce(max(id), 0) from event where time < :oldest")
                    .bind("oldest", oldest)
                    .mapTo(Long.class)
                    .one();
            long tooMany = handle.createQuery(
                            "select id from event order by id desc offset " + most + " rows fetch first 1 rows only")
                    .mapTo(Long.class)
                    .findOne()
                    .orElse(0L);
            return Math.max(tooOld, tooMany);
        });
    }

    /** The id up to which one batch reaches; 0 when there is none left. */
    private long endOfBatch(long last) {
        return database
                .read(handle -> handle.createQuery("select id from event where id <= :last order by id"
                                + " fetch first " + BATCH + " rows only")
                        .bind("last", last)
                        .mapTo(Long.class)
                        .list())
                .stream()
                .reduce(0L, Math::max);
    }
}
