package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Filesystem images; making and removing one is work. */
public final class FilesystemImagePaths implements Paths {

    private static final String PATH = "/filesystem-images";
    private static final QueryParameter<Boolean> KEEP_CONTENT = QueryParameter.withFallback(
            "keepContent", Boolean.class, "leave the directory on the storage server", false);

    private static final QueryParameter<Boolean> WITH_SNAPSHOTS = QueryParameter.withFallback(
            "withSnapshots", Boolean.class, "remove its snapshots, too; without, an image that has some stays", false);

    static final ListQuery<FilesystemImageField> LIST = ListQuery.of(Sort.by(FilesystemImageField.NAME));

    private final ApiServices services;

    record Request(
            @About(value = "its name, unique", most = 63) String name,

            @About(value = "name of the storage server", most = 63)
            String storageServer,

            @About(
                    value = "absolute path below the server's export root; <export root>/<name> unless given",
                    optional = true,
                    most = 4096)
            String path,

            @About("where its content comes from") SourceRequest source,
            @About(value = "for people", optional = true) String description) {}

    record Change(
            @About(value = "its name, as in the path", optional = true, most = 63)
            String name,

            @About(value = "for people", optional = true) String description) {}

    enum Verb {
        MEASURE
    }

    record Action(@About("what to do") Verb action) {}

    public FilesystemImagePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists filesystem images.")
                        .listed(LIST)
                        .answersListOf(FilesystemImageView.class)
                        .typed(VerbSketch.of("filesystem-image", "list")
                                .names("storageServer", "storage-server")
                                .names("plugin", "plugin")
                                .columns(
                                        "name",
                                        "storageServer",
                                        "path",
                                        "state",
                                        "SIZE=sizeBytes",
                                        "PLUG-IN=plugin",
                                        "reason"))
                        .by(this::list),
                Route.post(PATH, "Creates a filesystem image and starts filling it.")
                        .only(Role.ADMIN)
                        .takes(Request.class)
                        .answers(202, OperationView.class)
                        .by(this::create),
                Route.get(PATH + "/{name}", "One filesystem image.")
                        .answers(200, FilesystemImageView.class)
                        .typed(VerbSketch.of("filesystem-image", "show").about("Shows all about a filesystem image."))
                        .by(call -> Answer.ok(FilesystemImageView.of(find(call)))),
                Route.put(PATH + "/{name}", "Changes what it says to people; all else stays as it was made.")
                        .takes(Change.class)
                        .answers(200, FilesystemImageView.class)
                        .typed(VerbSketch.of("filesystem-image", "update")
                                .about("Changes what a filesystem image says to people.")
                                .done("Filesystem image {name} is changed."))
                        .by(this::update),
                Route.patch(PATH + "/{name}", "Says whom it belongs to, or what others should know of it.")
                        .only(Role.OPERATOR)
                        .takes(RemarkRequest.class)
                        .answers(200, FilesystemImageView.class)
                        .typed(RemarkRequest.verb("filesystem-image").done("Filesystem image {name} is changed."))
                        .by(this::remark),
                Route.delete(PATH + "/{name}", "Removes a filesystem image that no virtual environment names.")
                        .query(KEEP_CONTENT, WITH_SNAPSHOTS)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.of("filesystem-image", "delete"))
                        .by(this::delete),
                Route.post(PATH + "/{name}/actions", "Measures how much room it occupies.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.action("filesystem-image", "measure")
                                .about("Measures how much room it occupies."))
                        .by(this::act));
    }

    private Answer list(Call call) {
        return Answer.ok(LIST.answer(call, services.filesystemImages()::list, FilesystemImageView::of));
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        return OperationView.accepted(services.filesystemImages()
                .create(
                        Name.checked("create filesystem image", "filesystem image", request.name),
                        request.storageServer,
                        request.path,
                        request.source.source(),
                        null,
                        Objects.requireNonNullElse(request.description, "")));
    }

    private Answer update(Call call) throws Exception {
        Change change = call.body(Change.class);
        String name = find(call).name();
        SameName.check("change filesystem image", name, change.name);
        return Answer.ok(FilesystemImageView.of(services.filesystemImages()
                .update(
                        name,
                        Objects.requireNonNullElse(change.description, ""),
                        call.expected(FilesystemImageView::of))));
    }

    private Answer remark(Call call) throws Exception {
        Remark remark = call.body(RemarkRequest.class).remark();
        return Answer.ok(FilesystemImageView.of(
                services.filesystemImages().remark(find(call).name(), remark, call.expected(FilesystemImageView::of))));
    }

    private Answer delete(Call call) {
        return OperationView.accepted(services.filesystemImages()
                .delete(
                        find(call).name(),
                        call.query(KEEP_CONTENT),
                        call.query(WITH_SNAPSHOTS),
                        call.expected(FilesystemImageView::of)));
    }

    private Answer act(Call call) throws Exception {
        call.body(Action.class);
        return OperationView.accepted(
                services.filesystemImages().measure(find(call).name()));
    }

    private FilesystemImage find(Call call) {
        String name = call.path("name");
        return services.filesystemImages()
                .find(name)
                .orElseThrow(
                        () -> QrmException.notFound("find filesystem image", "filesystem image", Name.printable(name)));
    }
}
