package org.qrm.core.image;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.Patience;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.storage.StorageServerRows;
import org.qrm.core.storage.StorageTypes;
import org.qrm.core.store.Database;

/** What steps on filesystem images have in common: they find the image, its server and its storage type, and call it. */
final class ImageWork {

    /** What an operation on an image is asked for. */
    record OfImage(String image) {}

    /** A call of a storage type on an image. */
    interface StorageCall<T> {
        T on(StorageType type, StorageServer server, FilesystemImage image, WorkContext work);
    }

    /** What follows when the call has returned. */
    interface Then<T> {
        Step.Outcome with(T result);
    }

    private final Database database;
    private final StorageTypes types;
    private final PluginCalls calls;
    private final Patience patience = new Patience(Clock.systemUTC());

    ImageWork(Database database, StorageTypes types, PluginCalls calls) {
        this.database = database;
        this.types = types;
        this.calls = calls;
    }

    /** Calls the image's storage type, waiting a little for one that is not there. */
    <T> Step.Outcome call(Work work, Duration limit, StorageCall<T> call, Then<T> then) {
        FilesystemImage image = image(work);
        StorageServer server = server(work, image);
        Optional<StorageType> type = types.find(server.type());
        if (type.isEmpty()) {
            return patience.rest(work, StorageTypes.missing("use storage server", server.name(), server.type()));
        }
        patience.over(work);
        work.assertHeld();
        T result = calls.call(
                type.get(),
                "storage type " + server.type(),
                limit,
                work,
                context -> call.on(type.get(), server, image, context));
        return then.with(result);
    }

    FilesystemImage image(Work work) {
        return database.read(handle -> FilesystemImageRows.find(handle, name(work)))
                .orElseThrow(() -> QrmException.notFound("use filesystem image", "filesystem image", name(work)));
    }

    /** Names of the image's snapshots. */
    List<String> snapshots(Work work) {
        return database.read(handle -> SnapshotRows.of(handle, name(work)).stream()
                .map(ImageSnapshot::name)
                .toList());
    }

    private StorageServer server(Work work, FilesystemImage image) {
        return database.read(handle -> StorageServerRows.find(handle, image.storageServer()))
                .orElseThrow(() -> QrmException.notFound(
                        "use filesystem image " + name(work), "storage server", image.storageServer()));
    }

    /** Of the image that the operation is about. */
    static String name(Work work) {
        return work.parameters(OfImage.class).image();
    }
}
