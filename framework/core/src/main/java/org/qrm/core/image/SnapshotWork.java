package org.qrm.core.image;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;

/** What operations on one snapshot have in common: a single call of the storage type. */
abstract class SnapshotWork implements OperationKind {

    /** A sparse file is copied as a whole. */
    private static final Duration LIMIT = Duration.ofHours(2);

    /** What an operation on a snapshot is asked for. */
    record OfSnapshot(String image, String snapshot) {}

    private final String kind;
    private final ImageWork images;

    SnapshotWork(String kind, ImageWork images) {
        this.kind = kind;
        this.images = images;
    }

    @Override
    public String name() {
        return kind;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step(kind.substring(kind.indexOf('.') + 1), LIMIT, this::run));
    }

    private Step.Outcome run(Work work) {
        OfSnapshot wanted = work.parameters(OfSnapshot.class);
        return images.call(
                work,
                LIMIT,
                (type, server, image, context) -> {
                    refuseUnlessAble(type, server, image.name());
                    call(type, server, image, wanted.snapshot(), context);
                    return null;
                },
                nothing -> work.complete(change -> {
                    FilesystemImageRows.lock(change.handle(), wanted.image());
                    SnapshotRows.find(change.handle(), wanted.image(), wanted.snapshot())
                            .ifPresent(snapshot -> done(change, wanted, snapshot));
                }));
    }

    static void refuseUnlessAble(StorageType type, StorageServer server, String image) {
        if (!type.abilities().contains(StorageAbility.SNAPSHOTS)) {
            throw QrmException.refused(
                    "use snapshots of filesystem image",
                    image,
                    "the storage type " + server.type() + " of " + server.name() + " has none",
                    "Keep its content by the storage server's own means.");
        }
    }

    abstract void call(
            StorageType type,
            StorageServer server,
            org.qrm.api.image.FilesystemImage image,
            String snapshot,
            WorkContext work);

    abstract void done(Change change, OfSnapshot wanted, ImageSnapshot snapshot);

    /** In which state it is while this is under way, and what is said of it when that fails; nothing: it stays as it is. */
    abstract Optional<State> under();

    @Override
    public void undo(Work work, Problem why) {
        OfSnapshot wanted = work.parameters(OfSnapshot.class);
        work.change(change -> {
            FilesystemImageRows.lock(change.handle(), wanted.image());
            SnapshotRows.find(change.handle(), wanted.image(), wanted.snapshot())
                    .filter(snapshot ->
                            under().filter(state -> state == snapshot.state()).isPresent())
                    .ifPresent(snapshot ->
                            SnapshotRows.change(change.handle(), wanted.image(), snapshot, State.ERROR, why.reason()));
            return null;
        });
    }

    static void tell(Change change, OfSnapshot wanted, String type, String text) {
        change.event(Priority.INFO, type, FilesystemImageService.lane(wanted.image()), text, null);
    }
}
