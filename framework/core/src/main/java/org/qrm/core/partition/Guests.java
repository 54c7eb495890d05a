package org.qrm.core.partition;

import org.qrm.api.event.Priority;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;

/** The partitions of a machine that ceases to be a host. */
public final class Guests {

    private Guests() {}

    /** They go with it, but for those that may write an image while it may be on. Does nothing for any other machine. */
    public static void forget(Change change, ResourceRows rows, long host) {
        boolean off = rows.find(change.handle(), host)
                .filter(row -> row.state() == ResourceState.OFF)
                .isPresent();
        forget(change, rows, host, off);
    }

    /** It is off for certain, or boots anew, and is no host any more: they are gone. */
    public static void gone(Change change, ResourceRows rows, long host) {
        if (PartitionRows.isAnyOf(change.handle(), host)) {
            forget(change, rows, host, true);
        }
    }

    private static void forget(Change change, ResourceRows rows, long host, boolean off) {
        for (PartitionRow row : PartitionRows.ofHost(change.handle(), host)) {
            boolean bound = rows.find(change.handle(), row.id())
                    .filter(it -> it.resource().environmentId() != null)
                    .isPresent();
            if (!bound && (off || !EnvironmentService.mayStillWrite(change.handle(), row.id()))) {
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
