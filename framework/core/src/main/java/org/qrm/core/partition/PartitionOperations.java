package org.qrm.core.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qrm.api.partition.PartitionAction;
import org.qrm.core.Limits;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;

/** Makes the engine know what is done to partitions: a kind for each action. */
public final class PartitionOperations {

    private PartitionOperations() {}

    public static void addTo(
            OperationEngine engine, ResourceRows rows, Hosts hosts, EnvironmentHealth health, Limits limits) {
        PartitionWork partitions = new PartitionWork(rows, hosts, health);
        PartitionStart start = new PartitionStart(partitions, rows, limits);
        StopPartition stop = new StopPartition(partitions);
        List.of(
                        new CreatePartitions(partitions, start, rows, hosts),
                        new RestorePartitions(partitions, start),
                        new StartPartition(partitions, start),
                        stop,
                        new RestartPartition(partitions, stop, start),
                        new PausePartition(partitions, true),
                        new PausePartition(partitions, false),
                        new RemovePartition(partitions, rows, hosts),
                        new ChangePartition(partitions, rows))
                .forEach(engine::add);
    }

    /** {@code partition.start}. */
    static String kindOf(PartitionAction action) {
        return "partition." + action.name().toLowerCase(Locale.ROOT);
    }

    /** Asks for an operation on partitions of a host; nothing else happens to them and the host meanwhile. */
    static <W extends Record & PartitionWork.OnPartitions> long submit(
            OperationEngine engine, Change change, String kind, String subject, W wanted) {
        List<String> lanes = new ArrayList<>(List.of(ResourceService.lane(wanted.host())));
        wanted.partitions().forEach(id -> lanes.add(ResourceService.lane(id)));
        return engine.submit(change, kind, subject, wanted, lanes);
    }
}
