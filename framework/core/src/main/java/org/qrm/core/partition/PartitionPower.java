package org.qrm.core.partition;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.core.store.Database;

/** Switches partitions by their host, as a machine is switched by its management board. */
public final class PartitionPower implements PowerController {

    private final Database database;
    private final Hosts hosts;

    private PartitionPower(Database database, Hosts hosts) {
        this.database = database;
        this.hosts = hosts;
    }

    /** The controllers of plug-ins, with this one in front. */
    public static Supplier<List<PowerController>> before(
            Supplier<List<PowerController>> others, Database database, Hosts hosts) {
        PowerController own = new PartitionPower(database, hosts);
        return () -> Stream.concat(Stream.of(own), others.get().stream()).toList();
    }

    @Override
    public boolean controls(Resource resource) {
        return resource.kind() == ResourceKind.PARTITION;
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        start(placeOf(resource), work);
    }

    /** While it is being started it may boot. */
    private void start(Place at, WorkContext work) {
        long id = at.partition.id();
        if (at.partition.state() != PartitionState.RUNNING) {
            move(id, PartitionState.CREATING, "");
        }
        try {
            at.provider.start(at.host, at.partition, work);
        } catch (QrmException failed) {
            if (at.partition.state() != PartitionState.RUNNING) {
                move(id, PartitionState.ERROR, failed.problem().reason());
            }
            throw failed;
        }
        move(id, PartitionState.RUNNING, "");
        database.change(change -> {
            PartitionRows.want(change, id, true);
            return null;
        });
    }

    private void move(long id, PartitionState to, String reason) {
        database.change(change -> {
            PartitionRows.move(change, id, to, reason);
            return null;
        });
    }

    @Override
    public void powerOff(Resource resource, WorkContext work) {
        database.change(change -> {
            PartitionRows.want(change, resource.id(), false);
            return null;
        });
        Place at = placeOf(resource);
        at.provider.stop(at.host, at.partition, true, work);
    }

    @Override
    public void powerCycle(Resource resource, WorkContext work) {
        Place at = placeOf(resource);
        at.provider.stop(at.host, at.partition, true, work);
        start(at, work);
    }

    /** One that its host does not know does not run. */
    @Override
    public PowerState state(Resource resource) {
        Place at = placeOf(resource);
        return at.provider.list(at.host).stream()
                .filter(it -> it.mac().equals(at.partition.mac()))
                .findFirst()
                .map(it -> power(it.state()))
                .orElse(PowerState.OFF);
    }

    private static PowerState power(PartitionState state) {
        return switch (state) {
            case STOPPED, DEFINED -> PowerState.OFF;
            case RUNNING, PAUSED, CREATING, REMOVING -> PowerState.ON;
            case ERROR -> PowerState.UNKNOWN;
        };
    }

    /** Where a partition is, and who looks after it there. */
    private record Place(PartitionProvider provider, Resource host, Partition partition) {}

    private Place placeOf(Resource resource) {
        String attempted = "switch partition";
        Partition partition = database.read(handle -> PartitionRows.find(handle, resource.id()))
                .map(PartitionRow::partition)
                .orElseThrow(() -> QrmException.notFound(attempted, "partition", resource.name()));
        Hosts.Host host = database.read(handle -> hosts.up(handle, attempted, partition.hostId()));
        return new Place(hosts.require(attempted, host.plugin()), host.row().resource(), partition);
    }
}
