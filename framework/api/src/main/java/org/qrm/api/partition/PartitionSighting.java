package org.qrm.api.partition;

import java.util.Objects;
import org.qrm.api.resource.MacAddress;

/**
 * A partition as it was found on its host.
 *
 * @param mac its network card
 * @param state RUNNING, PAUSED, STOPPED (defined there, not running), or ERROR (it crashed)
 * @param size what it has there
 * @param reason what the host says of an ERROR, else empty
 */
public record PartitionSighting(MacAddress mac, PartitionState state, PartitionSize size, String reason) {
    public PartitionSighting {
        Objects.requireNonNull(mac);
        Objects.requireNonNull(state);
        Objects.requireNonNull(size);
        Objects.requireNonNull(reason);
    }
}
