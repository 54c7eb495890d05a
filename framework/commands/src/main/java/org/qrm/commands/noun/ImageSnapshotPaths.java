package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.qrm.api.ListField;
import org.qrm.api.Sort;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** What filesystem images held once; all but looking is work. */
public final class ImageSnapshotPaths implements Paths {

    private static final String PATH = "/filesystem-images/{name}/snapshots";
    private static final String NOUN = "image-snapshot";
    private static final String IMAGE = "filesystem-image";
    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.NAME));

    private final ApiServices services;

    enum Field implements ListField {
        NAME(Use.sorts()),
        STATE(Use.sorts());

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    record ImageSnapshotView(
            @About("its name, unique among those of its image, never changed")
            String name,

            @About("whether the image can be given that content again")
            FilesystemImage.State state,

            @About(value = "when it was taken, unless it is not yet", optional = true)
            Instant taken,

            @About("why it is in error, else empty") String reason,
            @About("for people, may be empty") String description) {
        static ImageSnapshotView of(ImageSnapshot snapshot) {
            return new ImageSnapshotView(
                    snapshot.name(), snapshot.state(), snapshot.taken(), snapshot.reason(), snapshot.description());
        }
    }

    record NewSnapshot(
            @About(value = "its name, unique among those of its image", most = 63)
            String snapshot,

            @About(value = "for people", optional = true) String description) {}

    enum Verb {
        RESTORE
    }

    record SnapshotAction(@About("what to do") Verb action) {}

    public ImageSnapshotPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists the snapshots of a filesystem image.")
                        .listed(LIST)
                        .answersListOf(ImageSnapshotView.class)
                        .typed(VerbSketch.of(NOUN, "list")
                                .names("name", IMAGE)
                                .columns("name", "state", "taken", "description", "reason"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.NAME,
                                services.filesystemImages().snapshots(call.path("name")).stream()
                                        .map(ImageSnapshotView::of)
                                        .toList()))),
                Route.post(PATH, "Has what is in a filesystem image kept under a name.")
                        .takes(NewSnapshot.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.of(NOUN, "create")
                                .names("name", IMAGE)
                                .argument("snapshot"))
                        .by(this::create),
                Route.post(
                                PATH + "/{snapshot}/actions",
                                "Gives a filesystem image that no machine runs from the content of a snapshot.")
                        .only(Role.ADMIN)
                        .takes(SnapshotAction.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.action(NOUN, "restore")
                                .names("name", IMAGE)
                                .asks("All that was written to {name} since snapshot {snapshot} is lost. Restore it?")
                                .about("Gives a filesystem image that no machine runs from the content of a snapshot."))
                        .by(this::restore),
                Route.delete(PATH + "/{snapshot}", "Removes a snapshot of a filesystem image.")
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.of(NOUN, "delete").names("name", IMAGE))
                        .by(call -> OperationView.accepted(
                                services.filesystemImages().deleteSnapshot(call.path("name"), call.path("snapshot")))));
    }

    private Answer create(Call call) throws Exception {
        NewSnapshot wanted = call.body(NewSnapshot.class);
        return OperationView.accepted(services.filesystemImages()
                .createSnapshot(
                        call.path("name"), wanted.snapshot, Objects.requireNonNullElse(wanted.description, "")));
    }

    private Answer restore(Call call) throws Exception {
        call.body(SnapshotAction.class);
        return OperationView.accepted(
                services.filesystemImages().restoreSnapshot(call.path("name"), call.path("snapshot")));
    }
}
