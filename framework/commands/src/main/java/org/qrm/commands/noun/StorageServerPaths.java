package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Storage servers, and whether they can be used. */
public final class StorageServerPaths implements Paths {

    private static final String PATH = "/storage-servers";

    static final ListQuery<StorageServerField> LIST = ListQuery.of(Sort.by(StorageServerField.NAME));

    private final ApiServices services;

    record Request(
            @About(value = "its name, unique; in the path when it is changed", optional = true, most = 63)
            String name,

            @About(value = "storage type; nfs unless given", optional = true, most = 63)
            String type,

            @About(value = "IPv4 address that machines mount from", most = 15)
            String address,

            @About(
                    value = "IPv4 address or host name that the server reaches over SSH; the address unless given",
                    optional = true,
                    most = 253)
            String managementAddress,

            @About(value = "absolute path below which images are", most = 4096)
            String exportRoot,

            @About(
                    value = "its SSH host key, \"type base64\"; the first one offered is pinned unless given",
                    optional = true)
            String hostKey) {

        StorageServer server(String checkedName) {
            return new StorageServer(
                    checkedName,
                    Objects.requireNonNullElse(type, "nfs"),
                    address,
                    Objects.requireNonNullElse(managementAddress, address),
                    exportRoot,
                    hostKey);
        }
    }

    public StorageServerPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists storage servers.")
                        .listed(LIST)
                        .answersListOf(StorageServerView.class)
                        .typed(VerbSketch.of("storage-server", "list")
                                .columns("name", "type", "address", "managementAddress", "exportRoot"))
                        .by(call ->
                                Answer.ok(LIST.answer(call, services.storageServers()::list, StorageServerView::of))),
                Route.post(PATH, "Makes a storage server known.")
                        .only(Role.ADMIN)
                        .takes(Request.class)
                        .answers(201, StorageServerView.class)
                        .typed(VerbSketch.of("storage-server", "create")
                                .argument("name")
                                .done("Storage server {name} is created."))
                        .by(this::create),
                Route.get(PATH + "/{name}", "One storage server.")
                        .answers(200, StorageServerView.class)
                        .typed(VerbSketch.of("storage-server", "show").about("Shows all about a storage server."))
                        .by(call -> Answer.ok(StorageServerView.of(find(call)))),
                Route.put(PATH + "/{name}", "Changes all but the name; without a host key the pinned one is forgotten.")
                        .takes(Request.class)
                        .answers(200, StorageServerView.class)
                        .typed(VerbSketch.of("storage-server", "update")
                                .about("Changes a storage server; what is not given stays as it is.")
                                .removable("hostKey")
                                .done("Storage server {name} is changed."))
                        .by(this::update),
                Route.patch(PATH + "/{name}", "Says whom it belongs to, or what others should know of it.")
                        .only(Role.OPERATOR)
                        .takes(RemarkRequest.class)
                        .answers(200, StorageServerView.class)
                        .typed(RemarkRequest.verb("storage-server").done("Storage server {name} is changed."))
                        .by(this::remark),
                Route.delete(PATH + "/{name}", "Forgets a storage server that keeps no image.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("storage-server", "delete").done("Storage server {name} is deleted."))
                        .by(this::delete),
                Route.get(PATH + "/{name}/check", "Tries to use it, for at most 45 s, and says what is wrong.")
                        .only(Role.OPERATOR)
                        .answers(200, StorageCheckView.class)
                        .typed(VerbSketch.of("storage-server", "check")
                                .about("Tries to use it, and says what is wrong.")
                                .verdict("ok", "", "", 1))
                        .by(call -> Answer.ok(check(find(call).name()))));
    }

    private StorageCheckView check(String name) {
        try {
            return StorageCheckView.of(services.storageServers().probe(name), authorizedKey());
        } catch (QrmException unusable) {
            return StorageCheckView.of(unusable.problem(), authorizedKey());
        }
    }

    private String authorizedKey() {
        try {
            return services.remoteCommands().authorizedKey();
        } catch (QrmException notThere) {
            return null;
        }
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        String name = Name.checked("create storage server", "storage server", request.name);
        StorageServer made = services.storageServers().create(request.server(name));
        return Answer.created(PATH + "/" + made.name(), StorageServerView.of(made));
    }

    private Answer update(Call call) throws Exception {
        Request request = call.body(Request.class);
        String name = find(call).name();
        SameName.check("change storage server", name, request.name);
        return Answer.ok(StorageServerView.of(
                services.storageServers().update(request.server(name), call.expected(StorageServerView::of))));
    }

    private Answer remark(Call call) throws Exception {
        Remark remark = call.body(RemarkRequest.class).remark();
        return Answer.ok(StorageServerView.of(
                services.storageServers().remark(find(call).name(), remark, call.expected(StorageServerView::of))));
    }

    private Answer delete(Call call) {
        services.storageServers().delete(find(call).name(), call.expected(StorageServerView::of));
        return Answer.NO_CONTENT;
    }

    private StorageServer find(Call call) {
        String name = call.path("name");
        return services.storageServers()
                .find(name)
                .orElseThrow(
                        () -> QrmException.notFound("find storage server", "storage server", Name.printable(name)));
    }
}
