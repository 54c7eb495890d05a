package org.qrm.core.image;

import java.time.Duration;
import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.event.Priority;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;

/** Removes a filesystem image, after its snapshots; its row goes last, so that nothing is forgotten that still takes room. */
final class DeleteImage implements OperationKind {

    static final String KIND = "filesystem-image.delete";

    private static final Duration LIMIT = Duration.ofHours(2);

    private final ImageWork images;

    record Wanted(String image, boolean keepContent) {}

    DeleteImage(ImageWork images) {
        this.images = images;
    }

    /** Marks the image and asks for its removal, as part of a change. */
    static long submit(OperationEngine engine, Change change, FilesystemImage image, boolean keepContent) {
        ImageLifeCycle.change(change.handle(), image, State.REMOVING, "");
        String lane = FilesystemImageService.lane(image.name());
        return engine.submit(change, KIND, lane, new Wanted(image.name(), keepContent), List.of(lane));
    }

    @Override
    public String name() {
        return KIND;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step("remove", LIMIT, this::remove));
    }

    private Step.Outcome remove(Work work) {
        for (String snapshot : images.snapshots(work)) {
            if (removeSnapshot(work, snapshot) == Step.Outcome.WAIT) {
                return Step.Outcome.WAIT;
            }
        }
        return removeImage(work, work.parameters(Wanted.class).keepContent());
    }

    /** Each is forgotten when it is gone, so that after a failure those that are told are there. */
    private Step.Outcome removeSnapshot(Work work, String snapshot) {
        String image = ImageWork.name(work);
        work.change(change -> {
            FilesystemImageRows.lock(change.handle(), image);
            SnapshotRows.find(change.handle(), image, snapshot)
                    .filter(row -> row.state() != State.REMOVING)
                    .ifPresent(row -> SnapshotRows.change(change.handle(), image, row, State.REMOVING, ""));
            return null;
        });
        return images.call(
                work,
                LIMIT,
                (type, server, whole, context) -> {
                    type.removeSnapshot(server, whole, snapshot, context);
                    return null;
                },
                gone -> work.change(change -> {
                    FilesystemImageRows.lock(change.handle(), image);
                    SnapshotRows.delete(change.handle(), image, snapshot);
                    return Step.Outcome.DONE;
                }));
    }

    private Step.Outcome removeImage(Work work, boolean keep) {
        return images.call(
                work,
                LIMIT,
                (type, server, image, context) -> {
                    if (keep) {
                        type.setAccess(server, image, List.of(), context);
                    } else {
                        type.remove(server, image, context);
                    }
                    return image;
                },
                image -> work.complete(change -> forget(change, image, keep)));
    }

    private static void forget(Change change, FilesystemImage image, boolean kept) {
        FilesystemImageRows.delete(change.handle(), image.name());
        change.event(
                Priority.INFO,
                "filesystem-image.deleted",
                FilesystemImageService.lane(image.name()),
                "Filesystem image " + image.name() + " was deleted"
                        + (kept ? "; its content stays in " + image.path() + " on " + image.storageServer() : "") + ".",
                null);
    }

    /** Part of it may be gone, or of the snapshot that was being removed: it can be deleted again, nothing else. */
    @Override
    public void undo(Work work, Problem why) {
        String reason = "It could not be removed; part of it may be gone: delete it again. " + why.reason();
        work.change(change -> {
            FilesystemImageRows.lock(change.handle(), ImageWork.name(work))
                    .filter(image -> image.state() == State.REMOVING)
                    .ifPresent(image -> {
                        ImageLifeCycle.change(change.handle(), image, State.ERROR, reason);
                        SnapshotRows.of(change.handle(), image.name()).stream()
                                .filter(snapshot -> snapshot.state() == State.REMOVING)
                                .forEach(snapshot -> SnapshotRows.change(
                                        change.handle(), image.name(), snapshot, State.ERROR, reason));
                    });
            return null;
        });
    }
}
