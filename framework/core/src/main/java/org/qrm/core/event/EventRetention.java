package org.qrm.core.event;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.OldEvents;

/**
 * Forgets old events, so that the log does not grow for ever. Where there are too many, the oldest of what matters least go first, but
 * of each priority a share stays: whoever causes events without end displaces those of one priority, and not what else has happened.
 */
public final class EventRetention {

    private static final Duration AGE = Duration.ofDays(30);
    private static final int MOST = 100_000;
    private static final int BATCH = 500;

    private final Database database;
    private final Clock clock;
    private final BiConsumer<Change, OldEvents> before;
    private final int most;

    /** @param before hears, in the change that forgets them, which events go */
    public EventRetention(Database database, Clock clock, BiConsumer<Change, OldEvents> before) {
        this(database, clock, before, MOST);
    }

    /** @param most events that are kept */
    public EventRetention(Database database, Clock clock, BiConsumer<Change, OldEvents> before, int most) {
        this.database = database;
        this.clock = clock;
        this.before = before;
        this.most = most;
    }

    /** Forgets what is too old or too many. */
    public void run() {
        forget(OldEvents.upTo(lastBefore(clock.instant().minus(AGE).toEpochMilli())));
        Map<Priority, Integer> counts = database.read(EventRetention::counts);
        int share = most / Priority.values().length;
        int tooMany = counts.values().stream().mapToInt(Integer::intValue).sum() - most;
        for (Priority each : Priority.values()) {
            int going = Math.min(tooMany, counts.getOrDefault(each, 0) - share);
            if (going > 0) {
                forget(new OldEvents(oldest(each, going), each));
                tooMany -= going;
            }
        }
    }

    /** In parts, so that no change takes long. */
    private void forget(OldEvents old) {
        for (long end = endOfBatch(old); end != 0; end = endOfBatch(old)) {
            OldEvents batch = new OldEvents(end, old.of());
            database.change(change -> {
                before.accept(change, batch);
                return EventRows.forget(change.handle(), batch);
            });
        }
    }

    /** The number of the last event before the first that is not older: one that a wrong clock has dated takes no others along. */
    private long lastBefore(long time) {
        return database.read(handle -> {
            Long first = handle.createQuery("select min(id) from event where time >= :time")
                    .bind("time", time)
                    .mapTo(Long.class)
                    .one();
            return first != null
                    ? first - 1
                    : handle.createQuery("select coalesce(max(id), 0) from event")
                            .mapTo(Long.class)
                            .one();
        });
    }

    private static Map<Priority, Integer> counts(Handle handle) {
        return handle.createQuery("select priority, count(*) as events from event group by priority")
                .map((row, context) -> Map.entry(Priority.values()[row.getInt("priority")], row.getInt("events")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The number of the newest of so many of a priority, counted from its oldest. */
    private long oldest(Priority priority, int many) {
        return database.read(handle -> handle.createQuery("select id from event where priority = :priority order by id"
                        + " offset " + (many - 1) + " rows fetch first 1 rows only")
                .bind("priority", priority.ordinal())
                .mapTo(Long.class)
                .one());
    }

    /** The number up to which one part reaches; 0 when there is none left. */
    private long endOfBatch(OldEvents old) {
        return database
                .read(handle -> old.bind(handle.createQuery("select id from event where " + OldEvents.CONDITION
                                + " order by id fetch first " + BATCH + " rows only"))
                        .mapTo(Long.class)
                        .list())
                .stream()
                .reduce(0L, Long::max);
    }
}
