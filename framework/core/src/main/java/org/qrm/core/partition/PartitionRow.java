package org.qrm.core.partition;

import org.qrm.api.partition.Partition;

/**
 * A row of the partition table with what its resource tells.
 *
 * @param partition what everybody sees
 * @param wanted whether it is to run: after a restart of its host it is started again
 * @param hostBoot the boot of the host in which it was started last, or null
 */
record PartitionRow(Partition partition, boolean wanted, String hostBoot) {
    long id() {
        return partition.id();
    }
}
