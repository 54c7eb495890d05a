package org.qrm.api.partition;

import java.util.Objects;
import org.qrm.api.resource.MacAddress;

/**
 * A virtual machine on a host.
 *
 * @param id of the resource that it is
 * @param name of the resource that it is
 * @param mac its network card; unique for ever
 * @param hostId the resource it runs on
 * @param plugin the plug-in that manages it
 * @param size what it is given
 * @param pinnedCpus the host's CPUs that it may use, {@code 0-1,3}; empty for any
 * @param state on its host
 * @param reason why it is in state ERROR, or what was seen amiss; else empty
 */
public record Partition(
        long id,
        String name,
        MacAddress mac,
        long hostId,
        String plugin,
        PartitionSize size,
        String pinnedCpus,
        PartitionState state,
        String reason) {
    public Partition {
        Objects.requireNonNull(name);
        Objects.requireNonNull(mac);
        Objects.requireNonNull(plugin);
        Objects.requireNonNull(size);
        Objects.requireNonNull(pinnedCpus);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
    }
}
