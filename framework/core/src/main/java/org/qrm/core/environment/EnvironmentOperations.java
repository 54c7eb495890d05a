package org.qrm.core.environment;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;
import org.qrm.core.Limits;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.resource.BootProgress;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Change;

/** Makes the engine know the operations on virtual environments. */
public final class EnvironmentOperations {

    private EnvironmentOperations() {}

    /**
     * What they need of the rest.
     *
     * @param types finds a storage type by name, or throws with a reason and a remedy
     * @param listeners those there are now, highest service ranking first
     * @param hostLeft hears, in the transaction, of each machine that leaves an environment
     * @param healsAtOnce how many lost machines are replaced at the same time
     */
    public record Parts(
            ResourceRows rows,
            BootImages bootImages,
            FilesystemImages images,
            StorageServers servers,
            Function<String, StorageType> types,
            Supplier<List<AssignmentListener>> listeners,
            PowerControllers controllers,
            BiConsumer<Change, Long> hostLeft,
            BootProgress progress,
            EnvironmentHealth health,
            PluginCalls calls,
            EnvironmentService environments,
            int healsAtOnce,
            Limits limits) {}

    public static void addTo(OperationEngine engine, Parts parts) {
        StorageAccess access =
                new StorageAccess(parts.rows(), parts.images(), parts.servers(), parts.types(), parts.calls());
        parts.environments().fencedByStorage(access::fences);
        AssignmentHooks hooks = new AssignmentHooks(
                parts.listeners(), parts.calls(), parts.limits().call());
        Leftovers leftovers = parts.environments().leftovers();
        Departure departure = new Departure(parts.rows(), parts.hostLeft());
        engine.add(new StartKind(
                parts.rows(),
                parts.bootImages(),
                access,
                hooks,
                parts.environments().secrets(),
                departure,
                parts.progress(),
                parts.health(),
                new SwitchOn(parts.rows(), parts.controllers()),
                parts.controllers(),
                leftovers,
                parts.limits()));
        engine.add(new StopKind(
                parts.rows(), access, hooks, departure, parts.health(), parts.controllers(), parts.limits()));
        engine.add(new ReopenKind(access, parts.limits().boot()));
        engine.add(new HealKind(
                parts.rows(),
                access,
                hooks,
                parts.hostLeft(),
                parts.health(),
                parts.environments().fencing(),
                leftovers,
                parts.environments(),
                parts.healsAtOnce(),
                parts.limits()));
        engine.add(new RestartKind(parts.rows(), parts.health(), parts.limits()));
        engine.whenFree(parts.health()::free);
    }
}
