package org.qrm.core.image;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.storage.Checked;
import org.qrm.core.storage.StorageServerRows;
import org.qrm.core.storage.StorageTypes;
import org.qrm.core.store.Change;

/** What may be asked of snapshots, and when. */
final class Snapshots {

    private static final String NOUN = "snapshot";
    private static final String CREATE = "create snapshot";
    private static final String RESTORE = "restore snapshot";
    private static final String DELETE = "delete snapshot";
    private static final int LONGEST_DESCRIPTION = 1000;

    private final OperationEngine engine;
    private final StorageTypes types;
    private final BiFunction<Handle, String, Optional<String>> mayStillWrite;

    /** @param mayStillWrite names a machine that no virtual environment has and that may write that image all the same */
    Snapshots(OperationEngine engine, StorageTypes types, BiFunction<Handle, String, Optional<String>> mayStillWrite) {
        this.engine = engine;
        this.types = types;
        this.mayStillWrite = mayStillWrite;
    }

    static List<ImageSnapshot> of(Handle handle, String image) {
        if (FilesystemImageRows.find(handle, image).isEmpty()) {
            throw QrmException.notFound("list snapshots", FilesystemImageService.NOUN, Name.printable(image));
        }
        return SnapshotRows.of(handle, image);
    }

    long create(Change change, String image, String name, String description) {
        Name.checked(CREATE, NOUN, name);
        Checked.text(CREATE, name, description, LONGEST_DESCRIPTION);
        FilesystemImage ready = ready(change.handle(), CREATE, image);
        refuseUnlessAble(change.handle(), ready);
        Optional<ImageSnapshot> before = SnapshotRows.find(change.handle(), image, name);
        if (before.isEmpty()) {
            refuseTooMany(change.handle(), image);
            SnapshotRows.insert(change.handle(), image, new ImageSnapshot(name, State.CREATING, "", null, description));
        } else if (before.get().state() == State.ERROR) {
            SnapshotRows.change(change.handle(), image, before.get(), State.CREATING, "");
            SnapshotRows.setDescription(change.handle(), image, name, description);
        } else {
            throw QrmException.conflict(
                    CREATE,
                    Name.printable(name),
                    image + " has a snapshot of that name, which is "
                            + ImageLifeCycle.word(before.get().state()),
                    "Choose another name, or delete that one.");
        }
        return submit(change, SnapshotOperations.CREATE, image, name);
    }

    /** Said at once where it is known; a storage type that is away may come back until it is called. */
    private void refuseUnlessAble(Handle handle, FilesystemImage image) {
        StorageServerRows.find(handle, image.storageServer())
                .ifPresent(server -> types.find(server.type())
                        .ifPresent(type -> SnapshotWork.refuseUnlessAble(type, server, image.name())));
    }

    private static void refuseTooMany(Handle handle, String image) {
        if (SnapshotRows.of(handle, image).size() >= ImageSnapshot.MOST) {
            throw QrmException.conflict(
                    CREATE, image, "it has " + ImageSnapshot.MOST + " snapshots", "Delete one that nobody needs.");
        }
    }

    /** Whoever runs from the image is seen here; whoever starts from it later waits for the end, see {@link FilesystemImageService}. */
    long restore(Change change, String image, String name) {
        ready(change.handle(), RESTORE, image);
        ImageSnapshot snapshot = existing(change.handle(), RESTORE, image, name);
        if (snapshot.state() != State.READY) {
            throw QrmException.conflict(
                    RESTORE, name, "it is " + ImageLifeCycle.word(snapshot.state()), "Choose one that is ready.");
        }
        refuseWhileUsed(change.handle(), image);
        return submit(change, SnapshotOperations.RESTORE, image, name);
    }

    private void refuseWhileUsed(Handle handle, String image) {
        FilesystemImageRows.runningUser(handle, image).ifPresent(environment -> {
            throw QrmException.conflict(
                    RESTORE,
                    image,
                    "virtual environment " + environment + " has a machine that runs from it",
                    "Stop that virtual environment first: what it runs from would change under it.");
        });
        mayStillWrite.apply(handle, image).ifPresent(machine -> {
            throw QrmException.conflict(
                    RESTORE,
                    image,
                    machine + " ran from it, was not seen to leave it, and may still write it",
                    "Wait until it is idle or off; or start a virtual environment from the image and stop it again:"
                            + " that sees to it.");
        });
    }

    long delete(Change change, String image, String name) {
        FilesystemImageService.locked(change.handle(), DELETE, image);
        ImageSnapshot snapshot = existing(change.handle(), DELETE, image, name);
        if (snapshot.state() == State.CREATING || snapshot.state() == State.REMOVING) {
            throw QrmException.conflict(
                    DELETE,
                    name,
                    "it is " + ImageLifeCycle.word(snapshot.state()),
                    "Cancel the operation on filesystem image " + image + ", or wait for its end.");
        }
        SnapshotRows.change(change.handle(), image, snapshot, State.REMOVING, "");
        return submit(change, SnapshotOperations.DELETE, image, name);
    }

    static void refuseDeletion(Handle handle, String image) {
        List<ImageSnapshot> all = SnapshotRows.of(handle, image);
        if (!all.isEmpty()) {
            throw QrmException.conflict(
                    "delete filesystem image",
                    image,
                    "it has snapshots: "
                            + Name.printable(
                                    all.stream().map(ImageSnapshot::name).collect(Collectors.joining(", "))),
                    "Delete them first, or delete the image with its snapshots.");
        }
    }

    private static FilesystemImage ready(Handle handle, String attempted, String image) {
        FilesystemImage found = FilesystemImageService.locked(handle, attempted, image);
        if (found.state() != State.READY) {
            throw QrmException.conflict(
                    attempted,
                    image,
                    "the filesystem image is " + ImageLifeCycle.word(found.state()),
                    "Wait until it is ready.");
        }
        return found;
    }

    private static ImageSnapshot existing(Handle handle, String attempted, String image, String name) {
        return SnapshotRows.find(handle, image, name)
                .orElseThrow(() -> QrmException.notFound(attempted, "snapshot of " + image, Name.printable(name)));
    }

    private long submit(Change change, String kind, String image, String name) {
        String lane = FilesystemImageService.lane(image);
        return engine.submit(change, kind, lane, new SnapshotWork.OfSnapshot(image, name), List.of(lane));
    }
}
