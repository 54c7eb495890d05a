package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.Items;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.ResourceRef;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;
import org.qrm.commands.line.Failure;

/** Virtual environments: what they are, starting and stopping them. */
public final class EnvironmentPaths implements Paths {

    private static final String PATH = "/virtual-environments";
    private static final String SECRETS = PATH + "/{name}/secret-arguments/{argument}";
    private static final QueryParameter<String> RUNS_ON = QueryParameter.withFallback(
            "runsOn", String.class, "node, partition:<plug-in>, or any; node unless given", EnvironmentSpec.ON_NODE);
    private static final QueryParameter<String> PARTITIONING =
            QueryParameter.of("partitioning", String.class, "the plug-in that is to make its machine a host");
    private static final QueryParameter<Integer> CPUS = least("cpus", "CPUs");
    private static final QueryParameter<Integer> CPU_MHZ = least("cpuMhz", "MHz of a CPU");
    private static final QueryParameter<Long> MEMORY_MB =
            QueryParameter.withFallback("memoryMb", Long.class, "MiB of memory at least", 0L);
    private static final QueryParameter<Integer> NICS = least("nics", "network cards");
    private static final QueryParameter<Integer> DISK_GB = least("diskGb", "GB (10^9 octets) of one local disk");
    private static final QueryParameter<Integer> GPUS = least("gpus", "graphics processors");
    private static final QueryParameter<String> TAGS =
            QueryParameter.withFallback("tags", String.class, "tags that it has, with blanks between: gpu rack=7", "");
    private static final QueryParameter<String> DEVICES = QueryParameter.withFallback(
            "devices",
            String.class,
            "texts in the kind, model or serial number of devices that it has, with commas between: A100, tpm",
            "");
    private static final QueryParameter<Integer> COUNT =
            QueryParameter.withFallback("count", Integer.class, "how many machines, 1 to 1000", 1);

    static final ListQuery<EnvironmentField> LIST = ListQuery.of(Sort.by(EnvironmentField.NAME));

    private final ApiServices services;

    record Secret(
            @About(value = "one line of text, 1 to 900 octets", most = 900)
            String value) {}

    record Action(
            @About("what to do") EnvironmentAction action,

            @About(
                    value = "start: the machines to take, by number, name or MAC address; the server chooses"
                            + " unless given",
                    optional = true)
            List<ResourceRef> resources,

            @About(value = "start: how many machines, 1 unless given", optional = true)
            Integer count,

            @About(value = "start: only say where it would go", optional = true)
            Boolean dryRun,

            @About(
                    value = "stop: without asking the image to shut down, and although partitions are in use",
                    optional = true)
            Boolean force) {}

    record Heal(
            @About(value = "only say what would happen if its machines were lost now", optional = true)
            Boolean dryRun) {}

    record Confirmation(
            @About("the machine that has no power, by number, name or MAC address")
            ResourceRef resource) {}

    public EnvironmentPaths(ApiServices services) {
        this.services = services;
    }

    private static QueryParameter<Integer> least(String name, String what) {
        return QueryParameter.withFallback(name, Integer.class, what + " at least", 0);
    }

    /** What is typed, and answered where it would go. */
    private static VerbSketch placing(VerbSketch verb) {
        return verb.columns("resource", "name", "fits", "reasons")
                .verdict(
                        "possible",
                        "It can start, on {chosen}.",
                        "It cannot start now.",
                        Failure.REFUSED,
                        "candidates");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists virtual environments.")
                        .listed(LIST)
                        .answersListOf(EnvironmentView.class)
                        .typed(VerbSketch.of("ve", "list")
                                .about("Lists virtual environments.")
                                .columns(
                                        "name",
                                        "state",
                                        "mode",
                                        "bootImage",
                                        "filesystemImage",
                                        "runsOn",
                                        "partitioning",
                                        "resources",
                                        "reason"))
                        .by(this::list),
                Route.get(
                                "/virtual-environment-groups",
                                "How many virtual environments there are of each group, of those that the filters let through.")
                        .query(GroupView.BY)
                        .narrowed(LIST)
                        .paged()
                        .answersListOf(GroupView.class)
                        .typed(VerbSketch.of("ve", "groups")
                                .about("Lists how many virtual environments have what in common, as the same image.")
                                .columns("group", "value", "number"))
                        .by(call -> Answer.ok(Items.of(
                                services.virtualEnvironments().groups(LIST.filter(call), call.query(GroupView.BY)),
                                call.page(),
                                GroupView::of))),
                Route.post(PATH, "Describes a new virtual environment.")
                        .only(Role.ADMIN)
                        .takes(EnvironmentRequest.class)
                        .answers(201, EnvironmentView.class)
                        .typed(VerbSketch.of("ve", "create")
                                .argument("name")
                                .names("bootImage", "boot-image")
                                .names("filesystemImage", "filesystem-image")
                                .names("partitioning", "plugin")
                                .done("Virtual environment {name} is created."))
                        .by(this::create),
                Route.get(PATH + "/{name}", "One virtual environment.")
                        .answers(200, EnvironmentView.class)
                        .typed(VerbSketch.of("ve", "show").about("Shows all about a virtual environment."))
                        .by(call -> Answer.ok(EnvironmentView.of(find(call)))),
                Route.put(
                                PATH + "/{name}",
                                "Describes an inactive virtual environment anew; how it is healed changes at any time.")
                        .takes(EnvironmentRequest.class)
                        .answers(200, EnvironmentView.class)
                        .typed(VerbSketch.of("ve", "update")
                                .about(
                                        "Changes an inactive virtual environment, or how it is healed; what is not given stays as it is.")
                                .names("bootImage", "boot-image")
                                .names("filesystemImage", "filesystem-image")
                                .names("partitioning", "plugin")
                                .removable("partitioning")
                                .done("Virtual environment {name} is changed."))
                        .by(this::update),
                Route.patch(PATH + "/{name}", "Says whom it belongs to, or what others should know of it.")
                        .only(Role.OPERATOR)
                        .takes(RemarkRequest.class)
                        .answers(200, EnvironmentView.class)
                        .typed(RemarkRequest.verb("ve").done("Virtual environment {name} is changed."))
                        .by(this::remark),
                Route.delete(PATH + "/{name}", "Forgets an inactive virtual environment.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("ve", "delete").done("Virtual environment {name} is deleted."))
                        .by(this::delete),
                Route.put(
                                SECRETS,
                                "Sets an argument that is on no kernel's line: its machines are told it over TLS when they"
                                        + " start, and find it in /run/qrm/arguments.")
                        .takes(Secret.class)
                        .secret()
                        .answers(200, EnvironmentView.class)
                        .by(this::setSecret),
                Route.delete(SECRETS, "Removes a secret argument.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("ve", "remove-secret")
                                .done("Secret argument {argument} of {name} is removed."))
                        .by(this::removeSecret),
                Route.post(PATH + "/{name}/actions", "Starts, stops or restarts it; a dry run answers at once.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .answers(200, PlacementView.class)
                        .typed(VerbSketch.action("ve", "stop")
                                .about("Stops it and gives its machines back.")
                                .only("force"))
                        .typed(VerbSketch.action("ve", "restart")
                                .about("Restarts its machines, which stay bound to it.")
                                .only())
                        .typed(placing(VerbSketch.action("ve", "start"))
                                .about("Starts it on machines that fit, or on those that are named.")
                                .only("resources", "count", "dryRun"))
                        .by(this::act),
                Route.post(
                                PATH + "/{name}/healing",
                                "Replaces a machine of it that is lost, because a person says so; a dry run tells at once what would"
                                        + " happen if its machines were lost now.")
                        .takes(Heal.class)
                        .answers(202, OperationView.class)
                        .answers(200, HealingPlanView.class)
                        .typed(VerbSketch.of("ve", "heal")
                                .about("Fences a lost machine and starts it on another one, because a person says so.")
                                .columns("resource", "name", "fenced", "fencing", "spare", "start")
                                .verdict(
                                        "possible",
                                        "It would be healed without a person.",
                                        "It would not be healed without a person.",
                                        Failure.REFUSED,
                                        "machines"))
                        .by(this::heal),
                Route.post(
                                PATH + "/{name}/fenced-machines",
                                "Says that a machine that cannot be fenced has no power: a person has seen to it, and it starts on"
                                        + " another one. If that is not so, two machines write one image.")
                        .takes(Confirmation.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.of("ve", "confirm-fenced")
                                .about("Says that a lost machine has no power, so that it starts on another one.")
                                .argument("resource")
                                .names("resource", "resource")
                                .asks(
                                        "{name} starts on another machine then. If {resource} still runs, both write one image."
                                                + " Does {resource} have no power for certain?"))
                        .by(this::confirmFenced),
                Route.get("/placement", "Where an environment that needs this would go now.")
                        .query(
                                RUNS_ON,
                                PARTITIONING,
                                CPUS,
                                CPU_MHZ,
                                MEMORY_MB,
                                NICS,
                                DISK_GB,
                                GPUS,
                                TAGS,
                                DEVICES,
                                COUNT)
                        .answers(200, PlacementView.class)
                        .typed(placing(VerbSketch.of("ve", "placement"))
                                .about("Shows where one that needs this would go now, and why not elsewhere.")
                                .names("partitioning", "plugin"))
                        .by(this::place));
    }

    private Answer place(Call call) {
        Requirements needs = new Requirements(
                call.query(CPUS),
                call.query(CPU_MHZ),
                call.query(MEMORY_MB),
                call.query(NICS),
                call.query(DISK_GB),
                call.query(GPUS),
                Tag.parseLine("set requirements", call.query(TAGS)),
                Stream.of(call.query(DEVICES).split(","))
                        .filter(each -> !each.isBlank())
                        .toList());
        return Answer.ok(PlacementView.of(services.virtualEnvironments()
                .plan(
                        call.query(RUNS_ON),
                        call.query(PARTITIONING),
                        needs,
                        new StartRequest(List.of(), call.query(COUNT)))));
    }

    private Answer list(Call call) {
        return Answer.ok(LIST.answer(call, services.virtualEnvironments()::list, EnvironmentView::of));
    }

    private Answer create(Call call) throws Exception {
        VirtualEnvironment made = services.virtualEnvironments()
                .create(call.body(EnvironmentRequest.class).spec());
        return Answer.created(PATH + "/" + made.name(), EnvironmentView.of(made));
    }

    private Answer update(Call call) throws Exception {
        EnvironmentRequest request = call.body(EnvironmentRequest.class);
        return Answer.ok(EnvironmentView.of(services.virtualEnvironments()
                .update(request.spec(call.path("name")), call.expected(EnvironmentView::of))));
    }

    private Answer setSecret(Call call) throws Exception {
        String name = find(call).name();
        return Answer.ok(EnvironmentView.of(services.virtualEnvironments()
                .setSecretArgument(name, call.path("argument"), call.body(Secret.class).value)));
    }

    private Answer removeSecret(Call call) {
        services.virtualEnvironments().removeSecretArgument(find(call).name(), call.path("argument"));
        return Answer.NO_CONTENT;
    }

    private Answer remark(Call call) throws Exception {
        Remark remark = call.body(RemarkRequest.class).remark();
        return Answer.ok(EnvironmentView.of(
                services.virtualEnvironments().remark(find(call).name(), remark, call.expected(EnvironmentView::of))));
    }

    private Answer delete(Call call) {
        services.virtualEnvironments().delete(find(call).name(), call.expected(EnvironmentView::of));
        return Answer.NO_CONTENT;
    }

    private Answer act(Call call) throws Exception {
        Action request = call.body(Action.class);
        refuseStray(request);
        String name = find(call).name();
        return switch (request.action) {
            case START -> start(name, request);
            case STOP ->
                OperationView.accepted(services.virtualEnvironments().stop(name, Boolean.TRUE.equals(request.force)));
            case RESTART ->
                OperationView.accepted(services.virtualEnvironments().restart(name));
        };
    }

    private Answer heal(Call call) throws Exception {
        boolean dryRun = Boolean.TRUE.equals(call.body(Heal.class).dryRun);
        String name = find(call).name();
        return dryRun
                ? Answer.ok(HealingPlanView.of(services.virtualEnvironments().planHealing(name)))
                : OperationView.accepted(services.virtualEnvironments().heal(name));
    }

    private Answer confirmFenced(Call call) throws Exception {
        ResourceRef machine = call.body(Confirmation.class).resource;
        String name = find(call).name();
        return OperationView.accepted(services.virtualEnvironments()
                .confirmFenced(
                        name, ResourceLookup.find(services, machine.text()).id()));
    }

    private Answer start(String name, Action request) {
        List<Long> resources = Objects.requireNonNullElse(request.resources, List.<ResourceRef>of()).stream()
                .map(ref -> ResourceLookup.find(services, ref.text()).id())
                .distinct()
                .toList();
        StartRequest start = new StartRequest(resources, Objects.requireNonNullElse(request.count, 1));
        return Boolean.TRUE.equals(request.dryRun)
                ? Answer.ok(PlacementView.of(services.virtualEnvironments().plan(name, start)))
                : OperationView.accepted(services.virtualEnvironments().start(name, start));
    }

    /** A field that the action does not know would be overlooked silently. */
    private static void refuseStray(Action request) {
        boolean startFields = request.resources != null || request.count != null || request.dryRun != null;
        if (startFields && request.action != EnvironmentAction.START) {
            throw QrmException.invalid(
                    "read the request", "", "resources, count and dryRun belong to start", "Leave them out.");
        }
        if (request.force != null && request.action != EnvironmentAction.STOP) {
            throw QrmException.invalid("read the request", "force", "force belongs to stop", "Leave it out.");
        }
    }

    private VirtualEnvironment find(Call call) {
        String name = call.path("name");
        return services.virtualEnvironments()
                .find(name)
                .orElseThrow(() ->
                        QrmException.notFound("find virtual environment", "virtual environment", Name.printable(name)));
    }
}
