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
        boolean keep = work.parameters(Wanted.class).keepContent();
        List<String> snapshots = images.snapshots(work);
        return images.call(
                work,
                LIMIT,
                (type, server, image, context) -> {
                    if (keep) {
                        type.setAccess(server, image, List.of(), context);
                    }
                    for (String snapshot : snapshots) {
                        type.removeSnapshot(server, image, snapshot, context);
                    }
                    if (!keep) {
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

    /** Part of it may be gone: it can be deleted again, nothing else. */
    @Override
    public void undo(Work work, Problem why) {
        work.change(change -> {
            FilesystemImageRows.lock(change.handle(), ImageWork.name(work))
                    .filter(image -> image.state() == State.REMOVING)
                    .ifPresent(image -> ImageLifeCycle.change(
                            change.handle(),
                            image,
                            State.ERROR,
                            "It could not be removed; part of it may be gone: delete it again. " + why.reason()));
            return null;
        });
    }
}
