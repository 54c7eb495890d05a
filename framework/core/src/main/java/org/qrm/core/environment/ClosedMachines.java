package org.qrm.core.environment;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.store.Change;

/**
 * Machines that may be on, and that an image is closed to for certain: to their addresses. So nobody else may have such an address until
 * they boot anew or are off, or the image would be open to them again.
 */
public final class ClosedMachines {

    private ClosedMachines() {}

    /** One of them; it has an address, or the image was never open to it. */
    static void note(Change change, ResourceRow row, String image) {
        if (row.resource().address() == null || row.bootId() == null) {
            return;
        }
        change.handle().execute("delete from possible_writer where resource_id = ?", row.id());
        change.handle()
                .execute(
                        "insert into possible_writer (resource_id, image, boot_id, closed_address) values (?, ?, ?, ?)",
                        row.id(),
                        image,
                        row.bootId(),
                        row.resource().address());
    }

    /** Who of them has that address, other than that machine; by its name. */
    public static Optional<String> holder(Handle handle, String address, long other) {
        return names(
                        handle,
                        "select resource.name from possible_writer w join resource on resource.id = w.resource_id"
                                + " where w.closed_address = :address and resource.id <> :id and " + Leftovers.CURRENT)
                .bind("address", address)
                .bind("id", other)
                .mapTo(String.class)
                .findFirst();
    }

    /** Another machine that has the address of that one by now, and is not off; by its name. */
    static Optional<String> successor(Handle handle, ResourceRow row) {
        return handle.createQuery("select name from resource where address = :address and id <> :id and state <> 'OFF'"
                        + " order by id")
                .bind("address", row.resource().address())
                .bind("id", row.id())
                .mapTo(String.class)
                .findFirst();
    }

    private static Query names(Handle handle, String query) {
        return handle.createQuery(query)
                .bindList(
                        "unseen",
                        Leftovers.UNSEEN.stream().map(ResourceState::name).toList());
    }
}
