package org.qrm.core.environment;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.Dialect;

/** Keeps a filesystem image open to exactly the machines that are bound to an environment with it. */
final class StorageAccess {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ResourceRows rows;
    private final FilesystemImages images;
    private final StorageServers servers;
    private final Function<String, StorageType> types;
    private final PluginCalls calls;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    /** @param types finds a storage type by name, or throws with a reason and a remedy */
    StorageAccess(
            ResourceRows rows,
            FilesystemImages images,
            StorageServers servers,
            Function<String, StorageType> types,
            PluginCalls calls) {
        this.rows = rows;
        this.images = images;
        this.servers = servers;
        this.types = types;
        this.calls = calls;
    }

    /** How a machine mounts the image. */
    Mount mount(String image, boolean writable) {
        FilesystemImage found = image(image);
        StorageServer server = server(found);
        return types.apply(server.type()).mount(server, found, writable);
    }

    /**
     * Whether a machine of such an environment is fenced when its image is closed to it. A host is not: its partitions have images of
     * their own.
     */
    boolean fences(EnvironmentSpec spec) {
        return spec.partitioning() == null && isClosedForCertain(spec.filesystemImage());
    }

    /** Whether a machine that it is closed to has certainly no part in it any more. Whose plug-in is away says so of nothing. */
    private boolean isClosedForCertain(String imageName) {
        try {
            FilesystemImage image = image(imageName);
            return types.apply(server(image).type()).abilities().contains(StorageAbility.FENCING);
        } catch (QrmException away) {
            Database.throwIfLost(away);
            return false;
        }
    }

    /**
     * Closes an image for certain to a machine that is not wanted there any more, and has an address of its own.
     *
     * @param then what is written when that is so
     * @return empty, or why it is not
     */
    String close(Work work, String image, ResourceRow row, Consumer<Change> then) {
        if (!isClosedForCertain(image)) {
            return "its storage does not say that to be closed is certain";
        }
        try {
            apply(work, image);
            confirmClosed(work, image(image));
        } catch (QrmException failed) {
            Database.throwIfLost(failed);
            return failed.problem().reason();
        }
        return work.change(change -> {
            Optional<String> successor = ClosedMachines.successor(change.handle(), row);
            if (successor.isEmpty()) {
                then.accept(change);
            }
            return successor.map(name -> name + " has its address by now").orElse("");
        });
    }

    private void confirmClosed(Work work, FilesystemImage image) {
        StorageServer server = server(image);
        StorageType type = types.apply(server.type());
        calls.call(type, "storage type " + type.name(), LIMIT, work, context -> {
            type.confirmClosed(server, image, context);
            return null;
        });
    }

    /** Opens and closes what the assignments say now, and notes the addresses it is open to. */
    void apply(Work work, String imageName) {
        FilesystemImage image = image(imageName);
        StorageServer server = server(image);
        StorageType type = types.apply(server.type());
        synchronized (locks.computeIfAbsent(imageName, name -> new Object())) {
            AtomicReference<List<Client>> told = new AtomicReference<>(List.of());
            do {
                work.assertHeld();
                calls.call(type, "storage type " + type.name(), LIMIT, work, context -> {
                    type.setAccess(
                            server,
                            image,
                            () -> {
                                told.set(apart(() -> wanted(work, imageName)));
                                return told.get().stream()
                                        .map(Client::toStorageClient)
                                        .distinct()
                                        .toList();
                            },
                            context);
                    return null;
                });
                // it may have changed meanwhile
            } while (!told.get().equals(work.read(handle -> wanted(handle, imageName))));
            List<Client> open = told.get();
            if (!open.isEmpty()) {
                work.change(change -> {
                    open.forEach(client -> {
                        AssignmentRows.opened(change, client.resource(), client.address());
                        rows.bindingChanged(change, client.resource());
                    });
                    return null;
                });
            }
        }
    }

    /** The call's own thread may be interrupted, which the embedded database takes for the end of its connection. */
    private static <T> T apart(Supplier<T> reading) {
        try {
            return CompletableFuture.supplyAsync(reading, command -> new Thread(command, "qrm-image-clients").start())
                    .join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw failed;
        }
    }

    private static List<Client> wanted(Work work, String image) {
        List<Client> wanted = work.read(handle -> wanted(handle, image));
        refuseAddressesOfClosed(work, image, wanted);
        return wanted;
    }

    /** Every machine bound to it, until it has left the image for good, or is lost and has it closed to it for that. */
    private static List<Client> wanted(Handle handle, String image) {
        return handle.createQuery("select a.resource_id, resource.address, e.mode from environment e"
                        + Dialect.foreignKey("environment_image_of") + " join assignment a"
                        + Dialect.index("assignment_environment") + " on a.environment = e.name"
                        + " join resource on resource.id = a.resource_id"
                        + " where e.filesystem_image = :image and resource.address is not null"
                        // the address of a machine that was off may be another's by now
                        + " and resource.admitted = true and not " + ResourceRow.NOT_BOOTED
                        + " and (a.releasing = false or resource.state = 'RELEASING')"
                        + " and not exists (select 1 from healing h where h.environment = e.name"
                        + "  and h.resource_id = a.resource_id and h.stage in ('CLOSING', 'CLOSED'))"
                        + " order by a.resource_id")
                .bind("image", image)
                .map((row, context) -> new Client(
                        row.getLong("resource_id"),
                        row.getString("address"),
                        row.getString("mode").equals("SINGLE")))
                .list();
    }

    /** It would be open to who it was closed to, too. */
    private static void refuseAddressesOfClosed(Work work, String image, List<Client> clients) {
        List<ClosedMachines.Closed> closed = work.read(ClosedMachines::all);
        for (Client client : clients) {
            work.read(handle -> ClosedMachines.holder(handle, closed, client.address(), client.resource()))
                    .ifPresent(holder -> {
                        throw QrmException.conflict(
                                "open filesystem image",
                                image,
                                "the address " + client.address() + " of a machine of it is that of " + holder
                                        + " as well, which may be on, and to which images are closed",
                                "Restart " + holder
                                        + ", or switch it off; or have the DHCP server give other addresses.");
                    });
        }
    }

    private FilesystemImage image(String name) {
        return images.find(name)
                .orElseThrow(() -> QrmException.notFound("open filesystem image", "filesystem image", name));
    }

    private StorageServer server(FilesystemImage image) {
        return servers.find(image.storageServer())
                .orElseThrow(
                        () -> QrmException.notFound("open filesystem image", "storage server", image.storageServer()));
    }

    private record Client(long resource, String address, boolean writable) {
        StorageClient toStorageClient() {
            return new StorageClient(address, writable);
        }
    }
}
