package org.qrm.core.environment;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.core.store.Change;
import org.qrm.core.store.Dialect;

/** The table of assignments. */
public final class AssignmentRows {

    private AssignmentRows() {}

    /** The assignment of a resource. */
    public static Optional<AssignmentRow> of(Handle handle, long resource) {
        return handle.createQuery("select * from assignment where resource_id = :id")
                .bind("id", resource)
                .map(AssignmentRow.ROW)
                .findOne();
    }

    static List<AssignmentRow> ofEnvironment(Handle handle, String environment) {
        return handle.createQuery("select * from assignment" + Dialect.index("assignment_environment")
                        + " where environment = :name order by resource_id")
                .bind("name", environment)
                .map(AssignmentRow.ROW)
                .list();
    }

    static void insert(Change change, long resource, String environment) {
        change.handle()
                .execute(
                        "insert into assignment (resource_id, environment, booted, releasing) values (?, ?, false, false)",
                        resource,
                        environment);
    }

    static void prepare(Change change, long resource, AssignmentRow.Plan plan) {
        change.handle()
                .execute(
                        "update assignment set boot_configuration = ? where resource_id = ?",
                        AssignmentRow.write(plan),
                        resource);
    }

    static void opened(Change change, long resource, String address) {
        change.handle().execute("update assignment set open_address = ? where resource_id = ?", address, resource);
    }

    /** Whether the machine runs what the plan says. */
    public static void setBooted(Change change, long resource, boolean booted) {
        change.handle().execute("update assignment set booted = ? where resource_id = ?", booted, resource);
    }

    /** The image is to be closed to it, or to be opened anew. */
    public static void forgetOpened(Change change, long resource) {
        opened(change, resource, null);
    }

    static void release(Change change, long resource) {
        change.handle()
                .execute("update assignment set releasing = true, booted = false where resource_id = ?", resource);
    }

    static void delete(Change change, long resource) {
        change.handle().execute("delete from assignment where resource_id = ?", resource);
    }
}
