package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.ListField;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.Resource;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Partitions of hosts. */
public final class PartitionPaths implements Paths {

    private static final int CONSOLE_BYTES = 64 * 1024;

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.ID));

    enum Field implements ListField {
        ID(Use.sorts()),
        NAME(Use.sorts()),
        STATE(Use.both(PartitionState.class, "only in this state")),
        PLUGIN(Use.both(String.class, "only managed by this plug-in")),
        CPUS(Use.sorts()),
        MEMORY_MB(Use.sorts());

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
            @About(value = "how many, 1 to 64; 1 unless given", optional = true)
            Integer count,

            @About(value = "virtual CPUs of each; 1 unless given", optional = true)
            Integer cpus,

            @About(value = "share of each CPU in MHz; all of it unless given", optional = true)
            Integer cpuMhz,

            @About("MiB of each") Long memoryMb) {}

    record Change(
            @About(value = "virtual CPUs; as they are unless given", optional = true)
            Integer cpus,

            @About(value = "share of each CPU in MHz, 0 for all of it; as it is unless given", optional = true)
            Integer cpuMhz,

            @About(value = "MiB; as it is unless given", optional = true)
            Long memoryMb,

            @About(
                    value = "CPUs of the host that it may use, 0-1,3; empty for any; as it is unless given",
                    optional = true)
            String pinnedCpus) {}

    record Action(
            @About("what to do") PartitionAction action,

            @About(value = "stop, restart, remove: at once, without asking its system", optional = true)
            Boolean force) {}

    record Console(
            @About("the end of what the partition wrote to its console")
            String text) {}

    record Typed(
            @About(
                    value = "1 to 4096 bytes, control characters included; a line ends with a carriage return",
                    most = 4096)
            String text) {}

    public PartitionPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/resources/{id}/partitions", "Lists the partitions of a host; none of any other machine.")
                        .listed(LIST)
                        .answersListOf(PartitionView.class)
                        .typed(VerbSketch.of("partition", "list")
                                .about("Lists the partitions of a host.")
                                .names("id", "resource")
                                .names("plugin", "plugin")
                                .columns(
                                        "id",
                                        "name",
                                        "mac",
                                        "PLUG-IN=plugin",
                                        "state",
                                        "cpus",
                                        "MHZ=cpuMhz",
                                        "MEMORY MiB=memoryMb",
                                        "reason"))
                        .by(this::list),
                Route.post("/resources/{id}/partitions", "Creates and starts partitions on a host.")
                        .takes(Request.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.of("partition", "create").names("id", "resource"))
                        .by(this::create),
                Route.get("/resources/{id}/capacity", "What a host has left for partitions, as it says now.")
                        .answers(200, CapacityView.class)
                        .typed(VerbSketch.of("partition", "capacity").names("id", "resource"))
                        .by(this::capacity),
                Route.post("/resources/{id}/partitions/{partition}/actions", "Starts an action on a partition.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .by(this::actUnderHost),
                Route.get("/partitions/{id}", "A partition, by its number, name or MAC address.")
                        .answers(200, PartitionView.class)
                        .typed(VerbSketch.of("partition", "show").about("Shows all about a partition."))
                        .by(this::find),
                Route.patch("/partitions/{id}", "Gives a partition another size or other CPUs of its host.")
                        .only(Role.OPERATOR)
                        .takes(Change.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.of("partition", "change"))
                        .by(this::change),
                Route.get("/partitions/{id}/console", "The end of what a partition wrote to its console.")
                        .answers(200, Console.class)
                        .by(this::console),
                Route.post(
                                "/partitions/{id}/console",
                                "Types at a partition's console, as a person at a terminal would.")
                        .takes(Typed.class)
                        .secret()
                        .answers(204, Content.NOTHING)
                        .by(this::type),
                Route.post("/partitions/{id}/actions", "Starts an action on a partition.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.action("partition", "start")
                                .about("Starts a partition.")
                                .only())
                        .typed(VerbSketch.action("partition", "stop")
                                .about("Shuts a partition down.")
                                .only("force"))
                        .typed(VerbSketch.action("partition", "restart")
                                .about("Shuts a partition down and starts it again.")
                                .only("force"))
                        .typed(VerbSketch.action("partition", "pause")
                                .about("Makes a partition stand still in its host's memory.")
                                .only())
                        .typed(VerbSketch.action("partition", "resume")
                                .about("Ends a pause.")
                                .only())
                        .typed(VerbSketch.action("partition", "remove")
                                .about("Removes a partition from its host.")
                                .only("force"))
                        .by(this::act));
    }

    private Answer list(Call call) {
        return Answer.ok(LIST.answer(
                call,
                Field.ID,
                services.partitions().list(host(call).id()).stream()
                        .map(PartitionView::of)
                        .toList()));
    }

    private Answer capacity(Call call) {
        return Answer.ok(
                CapacityView.of(services.partitions().capacity(host(call).id())));
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        int count = Objects.requireNonNullElse(request.count, 1);
        int cpuMhz = Objects.requireNonNullElse(request.cpuMhz, 0);
        PartitionSize size = new PartitionSize(Objects.requireNonNullElse(request.cpus, 1), cpuMhz, request.memoryMb);
        return OperationView.accepted(services.partitions().create(host(call).id(), count, size));
    }

    private Answer find(Call call) {
        return Answer.ok(PartitionView.of(partition(call)));
    }

    private Answer change(Call call) throws Exception {
        Partition partition = partition(call);
        Change change = call.body(Change.class);
        PartitionSize now = partition.size();
        PartitionSize size = new PartitionSize(
                Objects.requireNonNullElse(change.cpus, now.cpus()),
                Objects.requireNonNullElse(change.cpuMhz, now.cpuMhz()),
                Objects.requireNonNullElse(change.memoryMb, now.memoryMb()));
        return OperationView.accepted(services.partitions()
                .change(
                        partition.id(),
                        size.equals(now) ? null : size,
                        change.pinnedCpus,
                        call.expected(PartitionView::of)));
    }

    private Answer console(Call call) {
        return Answer.ok(
                new Console(services.partitions().console(partition(call).id(), CONSOLE_BYTES)));
    }

    private Answer type(Call call) throws Exception {
        Typed typed = call.body(Typed.class);
        services.partitions().type(partition(call).id(), typed.text);
        return Answer.NO_CONTENT;
    }

    private Answer act(Call call) throws Exception {
        Action action = call.body(Action.class);
        return OperationView.accepted(
                services.partitions().act(partition(call).id(), action.action, Boolean.TRUE.equals(action.force)));
    }

    private Answer actUnderHost(Call call) throws Exception {
        Resource host = host(call);
        long id = call.number("partition", "partition");
        Partition partition = services.partitions()
                .find(id)
                .filter(it -> it.hostId() == host.id())
                .orElseThrow(() ->
                        QrmException.notFound("find partition", "partition of " + host.name(), Long.toString(id)));
        Action action = call.body(Action.class);
        return OperationView.accepted(
                services.partitions().act(partition.id(), action.action, Boolean.TRUE.equals(action.force)));
    }

    private Partition partition(Call call) {
        return ResourceLookup.partition(services, call.path("id"));
    }

    private Resource host(Call call) {
        return ResourceLookup.find(services, call.path("id"));
    }
}
