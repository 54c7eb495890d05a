package org.qrm.core.image;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.store.Change;

/** What the engine can do with snapshots. */
final class SnapshotOperations {

    static final String CREATE = "filesystem-image.create-snapshot";
    static final String RESTORE = "filesystem-image.restore-snapshot";
    static final String DELETE = "filesystem-image.delete-snapshot";

    private SnapshotOperations() {}

    static List<OperationKind> kinds(ImageWork images) {
        return List.of(new Create(images), new Restore(images), new Delete(images));
    }

    private static final class Create extends SnapshotWork {
        Create(ImageWork images) {
            super(CREATE, images);
        }

        @Override
        void call(StorageType type, StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
            type.createSnapshot(server, image, snapshot, work);
        }

        @Override
        void done(Change change, OfSnapshot wanted, ImageSnapshot snapshot) {
            SnapshotRows.change(change.handle(), wanted.image(), snapshot, State.READY, "");
            SnapshotRows.setTaken(change.handle(), wanted.image(), snapshot.name(), Instant.now());
            tell(
                    change,
                    wanted,
                    "filesystem-image.snapshot",
                    "Snapshot " + wanted.snapshot() + " of filesystem image " + wanted.image() + " is taken.");
        }

        @Override
        Optional<State> under() {
            return Optional.of(State.CREATING);
        }
    }

    private static final class Restore extends SnapshotWork {
        Restore(ImageWork images) {
            super(RESTORE, images);
        }

        @Override
        void call(StorageType type, StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
            type.restoreSnapshot(server, image, snapshot, work);
        }

        @Override
        void done(Change change, OfSnapshot wanted, ImageSnapshot snapshot) {
            tell(
                    change,
                    wanted,
                    "filesystem-image.restored",
                    "Filesystem image " + wanted.image() + " has the content of its snapshot " + wanted.snapshot()
                            + " again.");
        }

        @Override
        Optional<State> under() {
            return Optional.empty();
        }
    }

    private static final class Delete extends SnapshotWork {
        Delete(ImageWork images) {
            super(DELETE, images);
        }

        @Override
        void call(StorageType type, StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
            type.removeSnapshot(server, image, snapshot, work);
        }

        @Override
        void done(Change change, OfSnapshot wanted, ImageSnapshot snapshot) {
            SnapshotRows.delete(change.handle(), wanted.image(), snapshot.name());
            tell(
                    change,
                    wanted,
                    "filesystem-image.snapshot-deleted",
                    "Snapshot " + wanted.snapshot() + " of filesystem image " + wanted.image() + " was deleted.");
        }

        @Override
        Optional<State> under() {
            return Optional.of(State.REMOVING);
        }
    }
}
