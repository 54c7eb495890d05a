package org.qrm.core.environment;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.event.Priority;
import org.qrm.core.environment.HealingRow.Stage;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.StaleException;
import org.qrm.core.store.Text;

/** The tables of what is being healed, and of the storm that has it wait. */
final class HealingRows {

    static final String UNFENCED = "healing.unfenced";
    static final String NO_SPARE = "healing.no-spare";
    static final String GIVEN_UP = "healing.given-up";

    private static final RowMapper<HealingRow> ROW = (row, context) -> {
        long spare = row.getLong("spare");
        Long taken = row.wasNull() ? null : spare;
        return new HealingRow(
                row.getString("environment"),
                row.getLong("resource_id"),
                Stage.valueOf(row.getString("stage")),
                row.getInt("attempts"),
                row.getBoolean("urged"),
                row.getString("waits"),
                taken,
                row.getLong("operation_id"),
                row.getLong("changed"));
    };

    private HealingRows() {}

    static Optional<HealingRow> find(Handle handle, String environment, long resource) {
        return handle.createQuery("select * from healing where environment = :name and resource_id = :resource")
                .bind("name", environment)
                .bind("resource", resource)
                .map(ROW)
                .findOne();
    }

    /**
     * Those that start, those that were well since then, and those that a person has seen to.
     *
     * @param steadySince in milliseconds
     */
    static List<HealingRow> toFollow(Handle handle, long steadySince) {
        return handle.createQuery("select h.* from healing h join environment e on e.name = h.environment"
                        + " where h.stage = 'STARTING' or h.stage = 'HEALED' and h.changed < :steady"
                        + " or h.stage = 'GIVEN_UP' and e.state in ('ACTIVE', 'INACTIVE')"
                        + " order by h.changed, h.environment, h.resource_id")
                .bind("steady", steadySince)
                .map(ROW)
                .list();
    }

    static List<HealingRow> of(Handle handle, String environment) {
        return handle.createQuery("select * from healing where environment = :name order by resource_id")
                .bind("name", environment)
                .map(ROW)
                .list();
    }

    static void insert(Change change, String environment, long resource, int attempts, boolean urged) {
        change.handle()
                .execute(
                        "insert into healing (environment, resource_id, stage, attempts, urged, waits, operation_id,"
                                + " changed) values (?, ?, 'WAITING', ?, ?, '', 0, ?)",
                        environment,
                        resource,
                        attempts,
                        urged,
                        System.currentTimeMillis());
    }

    /** It comes to that stage, and waits for nothing. It is at the one that it was read at, or the whole change is repeated. */
    static void move(Change change, HealingRow row, Stage to) {
        int rows = change.handle()
                .execute(
                        "update healing set stage = ?, waits = '', changed = ? where environment = ? and resource_id = ?"
                                + " and stage = ?",
                        to.name(),
                        System.currentTimeMillis(),
                        row.environment(),
                        row.resource(),
                        row.stage().name());
        StaleException.unless(rows == 1);
    }

    /** It was to be fenced in vain once more. */
    static void tried(Change change, HealingRow row) {
        change.handle()
                .execute(
                        "update healing set changed = ? where environment = ? and resource_id = ?",
                        System.currentTimeMillis(),
                        row.environment(),
                        row.resource());
    }

    /** What it waits for, for people. */
    static void waits(Change change, HealingRow row, String what) {
        change.handle()
                .execute(
                        "update healing set waits = ? where environment = ? and resource_id = ?",
                        Text.cut(what, 1000),
                        row.environment(),
                        row.resource());
    }

    static void by(Change change, HealingRow row, long operation) {
        change.handle()
                .execute(
                        "update healing set operation_id = ? where environment = ? and resource_id = ?",
                        operation,
                        row.environment(),
                        row.resource());
    }

    static void starting(Change change, HealingRow row, long spare, long operation) {
        move(change, row, Stage.STARTING);
        by(change, row, operation);
        change.handle()
                .execute(
                        "update healing set spare = ?, attempts = attempts + 1 where environment = ? and resource_id = ?",
                        spare,
                        row.environment(),
                        row.resource());
    }

    /** A person says that it is to go on, and as if nothing had been tried. */
    static void urge(Change change, HealingRow row) {
        change.handle()
                .execute(
                        "update healing set urged = true, attempts = 0, changed = 0 where environment = ? and resource_id = ?",
                        row.environment(),
                        row.resource());
    }

    static void delete(Change change, HealingRow row) {
        change.handle()
                .execute(
                        "delete from healing where environment = ? and resource_id = ?",
                        row.environment(),
                        row.resource());
        resolve(change, row.environment());
    }

    /** A person has decided what becomes of the environment. */
    static void forget(Change change, String environment) {
        if (change.handle().execute("delete from healing where environment = ?", environment) > 0) {
            resolve(change, environment);
        }
    }

    /** A person is to make certain that a machine is off; once, while that is so. */
    static void tellUnfenced(Work work, String environment, ResourceRow machine, String why) {
        work.change(change -> {
            tellUnfenced(change, environment, machine, why);
            return null;
        });
    }

    static void tellUnfenced(Change change, String environment, ResourceRow machine, String why) {
        String subject = EnvironmentService.lane(environment);
        if (!EventRows.isOpen(change.handle(), UNFENCED, subject)) {
            String name = machine.resource().name();
            change.event(
                    Priority.ERROR,
                    UNFENCED,
                    subject,
                    "Virtual environment " + environment + " is not started on another machine, since " + name
                            + " may still run: " + why + ". Switch " + name
                            + " off by hand, make certain that it has no power, then say so: qrm ve confirm-fenced "
                            + environment + " " + name,
                    machine.id());
        }
    }

    static void resolve(Change change, String environment) {
        String subject = EnvironmentService.lane(environment);
        List.of(UNFENCED, NO_SPARE, GIVEN_UP).forEach(type -> EventRows.resolve(change.handle(), type, subject));
    }

    /** Starts that were made to have that machine replace another one, and those before them. */
    static int attemptsOf(Handle handle, String environment, long spare) {
        return handle.createQuery("select coalesce(max(attempts), 0) from healing where environment = :name"
                        + " and spare = :spare")
                .bind("name", environment)
                .bind("spare", spare)
                .mapTo(Integer.class)
                .one();
    }

    /** How many are at work now, others than that; nobody else counts until the transaction ends. */
    static int countAtWork(Change change, HealingRow other) {
        change.handle().execute("update healing_storm set id = id where id = 1");
        return change.handle()
                .createQuery("select count(*) from healing where stage in ('FENCING', 'CLOSING', 'CLOSED', 'CONFIRMED',"
                        + " 'FENCED', 'STARTING') and not (environment = :name and resource_id = :resource)")
                .bind("name", other.environment())
                .bind("resource", other.resource())
                .mapTo(Integer.class)
                .one();
    }

    /**
     * Whether healing waits.
     *
     * @param since in milliseconds, or null while there is no storm
     * @param goOn machines that were lost before are no storm any more; in milliseconds
     */
    record StormRow(Long since, long goOn) {

        boolean is() {
            return since != null;
        }
    }

    static StormRow storm(Handle handle) {
        return handle.createQuery("select since, go_on from healing_storm where id = 1")
                .map((row, context) -> {
                    long since = row.getLong("since");
                    return new StormRow(row.wasNull() ? null : since, row.getLong("go_on"));
                })
                .one();
    }

    /** Nobody else changes it until the transaction ends. */
    static StormRow lockStorm(Change change) {
        change.handle().execute("update healing_storm set id = id where id = 1");
        return storm(change.handle());
    }

    static void setStorm(Change change, StormRow to) {
        change.handle()
                .createUpdate("update healing_storm set since = :since, go_on = :goOn where id = 1")
                .bind("since", to.since())
                .bind("goOn", to.goOn())
                .execute();
    }

    /** Whether a storm would keep anybody waiting: one waits for its turn, or will when its silence was borne long enough. */
    static boolean isAnyToCome(Handle handle) {
        return handle.createQuery("select count(*) from healing where stage = 'WAITING'")
                                .mapTo(Long.class)
                                .one()
                        > 0
                || handle.createQuery("select count(*) from environment e join assignment a on a.environment = e.name"
                                        + " join resource r on r.id = a.resource_id where e.heal = 'RESTART'"
                                        + " and e.state = 'ERROR' and a.releasing = false and r.state = 'ERROR'")
                                .mapTo(Long.class)
                                .one()
                        > 0;
    }
}
