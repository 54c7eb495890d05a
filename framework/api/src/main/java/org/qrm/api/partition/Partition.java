package org.qrm.api.partition;

import org.qrm.api.resource.MacAddress;

/**
 * A virtual machine on a host.
 *
 * @param id of the resource that it is
 * @param mac its network card; unique for ever
 * @param hostId the resource it runs on
 * @param plugin the plug-in that manages it
 * @param size what it is given
 * @param state on its host
 * @param reason why it is in state ERROR, else empty
 */
public record Partition(
        long id, MacAddress mac, long hostId, String plugin, PartitionSize size, PartitionState state, String reason) {}
