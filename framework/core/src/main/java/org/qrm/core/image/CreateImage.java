package org.qrm.core.image;

import java.time.Duration;
import java.util.List;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSource;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;

/** Fills a filesystem image. */
final class CreateImage implements OperationKind {

    static final String KIND = "filesystem-image.create";

    private static final Duration PROBE = Duration.ofMinutes(5);
    private static final Duration FILL = Duration.ofHours(6);
    private static final Duration MEASURE = Duration.ofMinutes(30);

    private final Database database;
    private final OperationEngine engine;
    private final ImageWork images;

    CreateImage(Database database, OperationEngine engine, ImageWork images) {
        this.database = database;
        this.engine = engine;
        this.images = images;
    }

    @Override
    public String name() {
        return KIND;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                new Step("probe", PROBE, this::probe),
                new Step("fill", FILL, this::fill),
                new Step("measure", MEASURE, this::measure));
    }

    private Step.Outcome probe(Work work) {
        boolean takesWhatIsThere = source(work) instanceof ImageSource.Existing || filled(work);
        return images.call(
                work,
                PROBE,
                (type, server, image, context) -> {
                    type.probe(server, context);
                    return takesWhatIsThere ? List.<String>of() : type.list(server, context);
                },
                taken -> {
                    refuseIfTaken(images.image(work), taken);
                    return Step.Outcome.DONE;
                });
    }

    /** What lies there already is somebody's; filling it, and removing it after a failure, would destroy it. */
    private static void refuseIfTaken(FilesystemImage image, List<String> taken) {
        if (taken.contains(image.path())) {
            throw QrmException.conflict(
                    "fill filesystem image",
                    image.name(),
                    "there is a directory " + image.path() + " on " + image.storageServer() + " already",
                    "Take it as it is (source \"existing\"), choose another path, or remove it there.");
        }
    }

    private Step.Outcome fill(Work work) {
        ImageSource source = source(work);
        if (!(source instanceof ImageSource.Existing)) {
            work.change(change -> {
                FilesystemImageRows.setFilled(change.handle(), ImageWork.name(work));
                return null;
            });
        }
        return images.call(
                work,
                FILL,
                (type, server, image, context) -> {
                    type.create(server, image, source, context);
                    return null;
                },
                nothing -> Step.Outcome.DONE);
    }

    private Step.Outcome measure(Work work) {
        return images.call(
                work,
                MEASURE,
                (type, server, image, context) -> type.size(server, image, context),
                size -> work.complete(change -> ready(change, images.image(work), size)));
    }

    private static void ready(Change change, FilesystemImage image, long size) {
        ImageLifeCycle.change(change.handle(), image, State.READY, "");
        FilesystemImageRows.setSize(change.handle(), image.name(), size);
        change.event(
                Priority.INFO,
                "filesystem-image.ready",
                FilesystemImageService.lane(image.name()),
                "Filesystem image " + image.name() + " is ready (" + size / (1024 * 1024) + " MiB on "
                        + image.storageServer() + ").",
                null);
    }

    /**
     * Nothing made yet: the image is forgotten. Cancelled: it is removed, by an operation of its own that takes its time.
     * Failed: it stays, to be asked for again or to be deleted.
     */
    @Override
    public void undo(Work work, Problem why) {
        String name = ImageWork.name(work);
        work.change(change -> {
            FilesystemImage image =
                    FilesystemImageRows.lock(change.handle(), name).orElse(null);
            if (image == null || image.state() != State.CREATING) {
                return null;
            }
            boolean cancelled = why.kind() == Problem.Kind.CONFLICT;
            if (!FilesystemImageRows.filled(change.handle(), name)) {
                FilesystemImageRows.delete(change.handle(), name);
            } else if (cancelled) {
                DeleteImage.submit(engine, change, image, false);
            } else {
                ImageLifeCycle.change(change.handle(), image, State.ERROR, why.reason());
            }
            return null;
        });
    }

    private ImageSource source(Work work) {
        return ImageSourceText.read(database.read(handle -> FilesystemImageRows.source(handle, ImageWork.name(work))));
    }

    private boolean filled(Work work) {
        return database.read(handle -> FilesystemImageRows.filled(handle, ImageWork.name(work)));
    }
}
