package org.qrm.core.partition;

import org.qrm.api.event.Priority;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;

/** The partitions of a machine that ceases to be a host. */
public final class Guests {

    private Guests() {}

    /** They are gone with it: nothing is left to be told to anybody. Does nothing for any other machine. */
    public static void forget(Change change, ResourceRows rows, long host) {
        for (PartitionRow row : PartitionRows.ofHost(change.handle(), host)) {
            boolean bound = rows.find(change.handle(), row.id())
                    .filter(it -> it.resource().environmentId() != null)
                    .isPresent();
            if (!bound) {
                PartitionRows.delete(change, row.id());
                rows.delete(change, row.id());
                change.event(
                        Priority.INFO,
                        "partition.removed",
                        ResourceService.lane(row.id()),
                        "Partition " + row.partition().name() + " went with its host",
                        row.id());
            }
        }
    }
}
