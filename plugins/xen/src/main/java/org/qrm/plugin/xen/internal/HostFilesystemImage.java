package org.qrm.plugin.xen.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.WorkContext;

/** The root file system of Xen hosts: a copy of the source system, made by an operation of its own. */
final class HostFilesystemImage {

    static final String NAME = "Xen_image_1_0";

    private static final String SUBJECT = "filesystem-image/" + NAME;
    private static final String MAKE = "make filesystem image";
    private static final Duration LOOK = Duration.ofMillis(500);

    private final FilesystemImages images;
    private final OperationFollower operations;

    HostFilesystemImage(FilesystemImages images, OperationFollower operations) {
        this.images = images;
        this.operations = operations;
    }

    boolean isThere() {
        return images.find(NAME).isPresent();
    }

    boolean isReady() {
        return images.find(NAME).filter(image -> image.state() == State.READY).isPresent();
    }

    /** Whether an earlier attempt of this plug-in left it incomplete. */
    boolean isUnfinished() {
        return images.find(NAME)
                .filter(image -> XenPlugin.ID.equals(image.plugin()) && image.state() != State.READY)
                .isPresent();
    }

    /**
     * Copies the source system unless that was done; goes on where an earlier call stopped, or with its operation.
     *
     * @param source what is copied
     * @param from where it begins within this call, 0..1
     */
    void ensure(XenSettings settings, SourceSystem source, double from, WorkContext work) {
        Optional<FilesystemImage> before = images.find(NAME);
        before.ifPresent(image -> refuseOther(image, settings));
        if (isReady()) {
            work.log("Filesystem image " + NAME + " is there; it is used");
            return;
        }
        if (before.filter(image -> image.state() == State.REMOVING).isPresent()) {
            awaitGone(Duration.between(Instant.now(), work.deadline()), work);
        }
        Operation copy = operations.underWay(SUBJECT).orElseGet(() -> begin(settings, source));
        operations.follow(copy, from, work);
    }

    /** Ends a copy that is under way; what it made goes with it. */
    void cancel(Duration atMost, WorkContext quiet) {
        operations.underWay(SUBJECT).ifPresent(copy -> operations.cancel(copy, atMost));
        awaitGone(atMost, quiet);
    }

    /** Removes it with its content if this plug-in made it. */
    void removeOwn(WorkContext work) {
        Optional<FilesystemImage> own = images.find(NAME).filter(image -> XenPlugin.ID.equals(image.plugin()));
        if (own.isEmpty()) {
            return;
        }
        if (own.get().state() == State.CREATING) {
            operations.underWay(SUBJECT).ifPresent(copy -> operations.cancel(copy, Duration.ofMinutes(2)));
        }
        Optional<Operation> removal = operations.underWay(SUBJECT);
        if (removal.isEmpty() && isThere()) {
            removal = Optional.of(images.delete(NAME, false));
        }
        removal.ifPresent(operation -> operations.follow(operation, 0, work));
        work.log("Filesystem image " + NAME + " is removed");
    }

    private Operation begin(XenSettings settings, SourceSystem source) {
        return images.create(
                NAME,
                settings.storageServerName(),
                settings.storageServerPath(),
                new ImageSource.System(source.address(), source.hostKey()),
                XenPlugin.ID,
                "Root file system of Xen hosts, copied from " + settings.sourceAddress());
    }

    private static void refuseOther(FilesystemImage image, XenSettings settings) {
        if (!image.storageServer().equals(settings.storageServerName())
                || !image.path().equals(settings.storageServerPath())) {
            throw QrmException.conflict(
                    MAKE,
                    NAME,
                    "there is one of that name at " + image.path() + " on " + image.storageServer() + " instead of "
                            + settings.storageServerPath() + " on " + settings.storageServerName(),
                    "Answer the wizard with that path and storage server, or delete that image first.");
        }
    }

    private void awaitGone(Duration atMost, WorkContext work) {
        Instant end = Instant.now().plus(atMost);
        while (isThere() && Instant.now().isBefore(end)) {
            work.checkpoint();
            work.pause(LOOK);
        }
    }
}
