package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class OperationRetentionTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    private Database database;

    @Before
    public void sixOperationsOfWhichOneIsQueued() {
        database = TestDatabase.open(kind.freshUrl());
        for (int i = 1; i <= 6; i++) {
            String state = i == 2 ? "QUEUED" : "DONE";
            OperationRow row = OperationRow.queued("test", "test/1", Script.NOTHING, List.of("step"));
            long id = database.change(change -> OperationRows.insert(change.handle(), row, 0, List.of("test/1")));
            database.change(change -> {
                change.handle()
                        .execute(
                                "update operation set state = ?, finished = ? where id = ?",
                                state,
                                System.currentTimeMillis(),
                                id);
                return change.handle()
                        .execute("insert into operation_log (operation_id, time, text) values (?, 0, 'x')", id);
            });
        }
    }

    @After
    public void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    public void keepsTheNewestAndWhatHasNotEnded() {
        new OperationRetention(database, Clock.systemUTC(), 2).run();
        assertEquals(List.of(2L, 5L, 6L), ids("select id from operation order by id"));
        assertEquals(List.of(2L, 5L, 6L), ids("select operation_id from operation_log order by operation_id"));
    }

    @Test
    public void forgetsWhatIsOld() {
        new OperationRetention(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(89)), 100).run();
        assertEquals(6, ids("select id from operation").size());
        new OperationRetention(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(91)), 100).run();
        assertEquals(List.of(2L), ids("select id from operation"));
    }

    /** Who asked for them has yet to see how they ended. */
    @Test
    public void keepsPartsUntilTheirWholeHasEnded() {
        set("part_of = 2 where id in (3, 4)");
        new OperationRetention(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(91)), 1).run();
        assertEquals(List.of(2L, 3L, 4L), ids("select id from operation order by id"));
        set("state = 'DONE' where id = 2");
        new OperationRetention(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(91)), 1).run();
        assertEquals(List.of(), ids("select id from operation where id > 2"));
    }

    @Test
    public void partsHoweverManyLeaveRoomForOthers() {
        set("part_of = 1 where id > 2");
        new OperationRetention(database, Clock.systemUTC(), 1).run();
        assertEquals(List.of(1L, 2L, 5L, 6L), ids("select id from operation order by id"));
    }

    private void set(String what) {
        database.change(change -> change.handle().execute("update operation set " + what));
    }

    private List<Long> ids(String query) {
        return database.read(
                handle -> handle.createQuery(query).mapTo(Long.class).list());
    }
}
