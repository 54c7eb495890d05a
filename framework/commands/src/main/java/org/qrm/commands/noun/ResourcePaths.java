package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.Tag;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.Items;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Resources: the machines, and what can be asked of them. */
public final class ResourcePaths implements Paths {

    private static final String TAG = "/resources/{id}/tags/{tag}";
    static final ListQuery<ResourceField> LIST = ListQuery.of(Sort.by(ResourceField.ID));

    private final ApiServices services;

    record Action(@About("what to do") ResourceAction action) {}

    record PowerView(
            @About("as its power controller says; unknown when that cannot tell")
            PowerState state) {}

    record ResourceChange(
            @About(value = "its new name, unique; apart from the others", optional = true, most = 63)
            String name,

            @About(
                    value = "whom it belongs to: one line; empty for nobody",
                    optional = true,
                    most = Remark.LONGEST_OWNER)
            String owner,

            @About(
                    value = "what others should know of it: Markdown, of which raw HTML is no part; empty for none",
                    optional = true,
                    most = Remark.LONGEST_NOTE)
            String note) {}

    public ResourcePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/resources", "Lists resources.")
                        .listed(LIST)
                        .answersListOf(ResourceView.class)
                        .typed(VerbSketch.of("resource", "list")
                                .about("Lists machines.")
                                .called("environmentId", "environment")
                                .names("environmentId", "ve")
                                .called("hostId", "host")
                                .names("hostId", "resource")
                                .names("partitionOf", "plugin")
                                .columns(
                                        "id",
                                        "name",
                                        "mac",
                                        "kind",
                                        "state",
                                        "power",
                                        "cpus",
                                        "MHZ=cpuMhz",
                                        "MEMORY MiB=memoryMb",
                                        "NICS=nics#",
                                        "ENVIRONMENT=environmentId",
                                        "reason"))
                        .by(this::list),
                Route.get("/resources/{id}", "One resource, by number, name or MAC address.")
                        .answers(200, ResourceView.class)
                        .typed(VerbSketch.of("resource", "show").about("Shows all about a machine."))
                        .by(call -> Answer.ok(ResourceView.of(find(call)))),
                Route.get("/resources/{id}/load", "How loaded a machine was in the last hour, minute by minute.")
                        .paged()
                        .answersListOf(LoadView.class)
                        .typed(VerbSketch.of("resource", "load")
                                .about("Tells how loaded a machine was in the last hour, minute by minute.")
                                .columns("minute", "load"))
                        .by(this::load),
                Route.get("/resources/{id}/devices", "What a machine found in itself when it was idle last.")
                        .paged()
                        .answersListOf(DeviceView.class)
                        .typed(VerbSketch.of("resource", "devices")
                                .about(
                                        "Lists the disks, memory modules, graphics processors and other devices of a machine.")
                                .columns("kind", "name", "SIZE MiB=sizeMb", "model", "serial", "details"))
                        .by(call -> Answer.ok(
                                Items.of(services.resources().devices(find(call).id()), call.page(), DeviceView::of))),
                Route.get("/resources/{id}/power", "Whether a machine has power, as its power controller says now.")
                        .only(Role.OPERATOR)
                        .answers(200, PowerView.class)
                        .typed(VerbSketch.of("resource", "power")
                                .about("Asks a power controller whether a machine has power."))
                        .by(call -> Answer.ok(new PowerView(
                                services.machinePower().of(find(call).id())))),
                Route.get("/resource-loads", "The same of all machines, in the order of their numbers.")
                        .paged()
                        .answersListOf(LoadsView.class)
                        .by(this::loads),
                Route.get(
                                "/resource-sizes",
                                "How many resources there are of each size, and how many of them are free.")
                        .paged()
                        .answersListOf(SizeView.class)
                        .typed(VerbSketch.of("resource", "sizes")
                                .about("Lists how many machines there are of each size, and how many of them are free.")
                                .columns("kind", "cpus", "MEMORY MiB=memoryMb", "all", "idle", "used", "off", "error"))
                        .by(call -> Answer.ok(Items.of(services.resources().sizes(), call.page(), SizeView::of))),
                Route.get(
                                "/resource-groups",
                                "How many resources there are of each group, of those that the filters let through.")
                        .query(GroupView.BY)
                        .narrowed(LIST)
                        .paged()
                        .answersListOf(GroupView.class)
                        .typed(VerbSketch.of("resource", "groups")
                                .about("Lists how many machines have what in common, as the same rack or product.")
                                .called("environmentId", "environment")
                                .names("environmentId", "ve")
                                .called("hostId", "host")
                                .names("hostId", "resource")
                                .names("partitionOf", "plugin")
                                .columns("group", "value", "number"))
                        .by(call -> Answer.ok(Items.of(
                                services.resources().groups(LIST.filter(call), call.query(GroupView.BY)),
                                call.page(),
                                GroupView::of))),
                Route.patch(
                                "/resources/{id}",
                                "Says whom a resource belongs to, or what others should know of it; or, for an admin, gives it"
                                        + " another name.")
                        .only(Role.OPERATOR)
                        .takes(ResourceChange.class)
                        .answers(200, ResourceView.class)
                        .typed(VerbSketch.of("resource", "rename")
                                .about("Gives a machine another name; for admins.")
                                .argument("name")
                                .only()
                                .done("Resource {id} is called {name} now."))
                        .typed(RemarkRequest.verb("resource")
                                .only("owner", "note")
                                .done("Resource {id} is changed."))
                        .by(this::change),
                Route.put(TAG, "Says something of a machine, by which it is found and chosen: gpu, or rack=7.")
                        .only(Role.OPERATOR)
                        .answers(200, ResourceView.class)
                        .typed(VerbSketch.of("resource", "tag").many().done("Resource {id} is tagged {tag}."))
                        .by(this::tag),
                Route.delete(TAG, "Takes the tag of that name away.")
                        .only(Role.OPERATOR)
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("resource", "untag")
                                .many()
                                .done("Resource {id} has no tag {tag} any longer."))
                        .by(this::untag),
                Route.post("/resources/{id}/actions", "Starts an action on a resource; admit needs the role admin.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .by(this::act));
    }

    private Answer list(Call call) {
        return Answer.ok(LIST.answer(call, services.resources()::list, ResourceView::of));
    }

    private Answer load(Call call) {
        return Answer.ok(Items.of(services.resources().load(find(call).id()), call.page(), LoadView::of));
    }

    private Answer loads(Call call) {
        Instant now = Instant.now();
        return Answer.ok(Items.of(
                services.resources().list(Filter.all(), call.page()),
                each -> LoadsView.of(each.id(), services.resources().load(each.id()), now)));
    }

    private Answer change(Call call) throws Exception {
        ResourceChange change = call.body(ResourceChange.class);
        Expected<Resource> expected = call.expected(ResourceView::of);
        if (change.name == null) {
            Remark remark = RemarkRequest.remark(change.owner, change.note);
            return Answer.ok(
                    ResourceView.of(services.resourceAdmin().remark(find(call).id(), remark, expected)));
        }
        call.requireRole(Role.ADMIN);
        if (change.owner != null || change.note != null) {
            throw QrmException.invalid(
                    "read the request", "name", "a name is given apart from owner and note", "Send two requests.");
        }
        return Answer.ok(
                ResourceView.of(services.resourceAdmin().rename(find(call).id(), change.name, expected)));
    }

    private Answer tag(Call call) {
        Tag tag = Tag.parse("tag resource", call.path("tag"));
        return Answer.ok(
                ResourceView.of(services.resourceAdmin().tag(find(call).id(), tag, call.expected(ResourceView::of))));
    }

    private Answer untag(Call call) {
        services.resourceAdmin().untag(find(call).id(), call.path("tag"), call.expected(ResourceView::of));
        return Answer.NO_CONTENT;
    }

    private Answer act(Call call) throws Exception {
        ResourceAction action = call.body(Action.class).action();
        checkRole(call, action);
        return OperationView.accepted(services.resourceAdmin().act(find(call).id(), action));
    }

    /** Who may join is decided by those who may open a window for all. */
    static void checkRole(Call call, ResourceAction action) {
        if (action == ResourceAction.ADMIT) {
            call.requireRole(Role.ADMIN);
        }
    }

    private Resource find(Call call) {
        return ResourceLookup.find(services, call.path("id"));
    }
}
