package org.qrm.core.environment;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
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
        Leftovers.forget(change, row.id());
        change.handle()
                .execute(
                        "insert into possible_writer (resource_id, image, boot_id, closed_address) values (?, ?, ?, ?)",
                        row.id(),
                        image,
                        row.bootId(),
                        row.resource().address());
    }

    /** One that was noted, and the address that is closed. */
    record Closed(long resource, String address) {}

    /** All that were noted; mostly there is none. */
    static List<Closed> all(Handle handle) {
        return handle.createQuery("select resource_id, closed_address from possible_writer"
                        + " where closed_address is not null order by resource_id")
                .map((row, context) -> new Closed(row.getLong("resource_id"), row.getString("closed_address")))
                .list();
    }

    /** Who of them has that address, other than that machine; by its name. */
    public static Optional<String> holder(Handle handle, String address, long other) {
        return holder(handle, all(handle), address, other);
    }

    static Optional<String> holder(Handle handle, List<Closed> all, String address, long other) {
        return all.stream()
                .filter(each -> each.address().equals(address) && each.resource() != other)
                .flatMap(each -> Leftovers.unheardOf(handle, each.resource()).stream())
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
}
