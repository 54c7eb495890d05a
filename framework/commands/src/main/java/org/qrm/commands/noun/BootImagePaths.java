package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Boot images and their files. */
public final class BootImagePaths implements Paths {

    private static final String PATH = "/boot-images";
    private static final long LARGEST_FILE = 512L * 1024 * 1024;
    private static final QueryParameter<BootFile.Role> ROLE =
            QueryParameter.needed("role", BootFile.Role.class, "what the boot loader does with the file");

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.NAME));

    enum Field implements ListField {
        NAME(Use.sorts()),
        LOADER(Use.both(Loader.class, "only started this way")),
        PLUGIN(Use.narrows(String.class, "only made by this plug-in")),
        OWNER(Use.both(String.class, "only of this owner, in great letters or small; empty for those of nobody"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    private final ApiServices services;

    record Request(
            @About(value = "its name, unique; in the path when it is changed", optional = true, most = 63)
            String name,

            @About(value = "how it is started; linux unless given", optional = true)
            Loader loader,

            @About(value = "for people", optional = true) String description) {

        Loader chosenLoader() {
            return Objects.requireNonNullElse(loader, Loader.LINUX);
        }

        String text() {
            return Objects.requireNonNullElse(description, "");
        }
    }

    public BootImagePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists boot images.")
                        .listed(LIST)
                        .answersListOf(BootImageView.class)
                        .typed(VerbSketch.of("boot-image", "list")
                                .names("plugin", "plugin")
                                .columns("name", "loader", "FILES=files.name", "PLUG-IN=plugin", "description"))
                        .by(this::list),
                Route.post(PATH, "Creates a boot image without files.")
                        .only(Role.ADMIN)
                        .takes(Request.class)
                        .answers(201, BootImageView.class)
                        .typed(VerbSketch.of("boot-image", "create")
                                .argument("name")
                                .done("Boot image {name} is created."))
                        .by(this::create),
                Route.get(PATH + "/{name}", "One boot image.")
                        .answers(200, BootImageView.class)
                        .typed(VerbSketch.of("boot-image", "show").about("Shows all about a boot image."))
                        .by(call -> Answer.ok(BootImageView.of(find(call)))),
                Route.put(PATH + "/{name}", "Changes all but the name and the files.")
                        .takes(Request.class)
                        .answers(200, BootImageView.class)
                        .typed(VerbSketch.of("boot-image", "update")
                                .about("Changes a boot image; what is not given stays as it is.")
                                .done("Boot image {name} is changed."))
                        .by(this::update),
                Route.patch(PATH + "/{name}", "Says whom it belongs to, or what others should know of it.")
                        .only(Role.OPERATOR)
                        .takes(RemarkRequest.class)
                        .answers(200, BootImageView.class)
                        .typed(RemarkRequest.verb("boot-image").done("Boot image {name} is changed."))
                        .by(this::remark),
                Route.delete(PATH + "/{name}", "Removes a boot image that no virtual environment names.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("boot-image", "delete").done("Boot image {name} is deleted."))
                        .by(this::delete),
                Route.put(PATH + "/{name}/files/{file}", "Stores a file of a boot image, at most 512 MiB.")
                        .query(ROLE)
                        .takesBytes()
                        .answers(200, BootImageView.class)
                        .by(this::putFile),
                Route.delete(
                                PATH + "/{name}/files/{file}",
                                "Removes a file, while no virtual environment names the image.")
                        .answers(200, BootImageView.class)
                        .typed(VerbSketch.of("boot-image", "delete-file")
                                .names("file", "boot-file")
                                .done("Boot image {name} has no {file} any more."))
                        .by(this::deleteFile));
    }

    /** A site has some dozens. */
    private Answer list(Call call) {
        Filter<Field> filter = LIST.filter(call);
        Object owner = filter.get(Field.OWNER);
        List<BootImageView> all = Page.all(services.bootImages()::list).stream()
                .map(BootImageView::listed)
                .filter(image -> owner == null
                        || image.owner().equalsIgnoreCase(owner.toString().strip()))
                .toList();
        return Answer.ok(LIST.answer(call, filter.without(Field.OWNER), Field.NAME, all));
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        BootImage made = services.bootImages()
                .create(
                        Name.checked("create boot image", "boot image", request.name),
                        request.chosenLoader(),
                        null,
                        request.text());
        return Answer.created(PATH + "/" + made.name(), BootImageView.of(made));
    }

    private Answer update(Call call) throws Exception {
        Request request = call.body(Request.class);
        String name = find(call).name();
        SameName.check("change boot image", name, request.name);
        return Answer.ok(BootImageView.of(services.bootImages()
                .update(name, request.chosenLoader(), request.text(), call.expected(BootImageView::of))));
    }

    private Answer deleteFile(Call call) {
        return Answer.ok(
                BootImageView.of(services.bootImages().deleteFile(find(call).name(), call.path("file"))));
    }

    private Answer remark(Call call) throws Exception {
        Remark remark = call.body(RemarkRequest.class).remark();
        return Answer.ok(BootImageView.of(
                services.bootImages().remark(find(call).name(), remark, call.expected(BootImageView::of))));
    }

    private Answer delete(Call call) {
        services.bootImages().delete(find(call).name(), call.expected(BootImageView::of));
        return Answer.NO_CONTENT;
    }

    private Answer putFile(Call call) throws Exception {
        String file = Name.checked("store file of boot image", "file", call.path("file"));
        if (call.length() > LARGEST_FILE) {
            throw new QrmException(new Problem(
                    Problem.Kind.TOO_LARGE,
                    "store file of boot image",
                    file,
                    "it is larger than 512 MiB",
                    "Send a smaller file."));
        }
        String image = find(call).name();
        return Answer.ok(BootImageView.of(services.bootImages().putFile(image, file, call.query(ROLE), call.stream())));
    }

    private BootImage find(Call call) {
        String name = call.path("name");
        return services.bootImages()
                .find(name)
                .orElseThrow(() -> QrmException.notFound("find boot image", "boot image", Name.printable(name)));
    }
}
