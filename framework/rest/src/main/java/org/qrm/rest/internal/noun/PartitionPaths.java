package org.qrm.rest.internal.noun;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.qrm.api.QrmException;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.resource.Resource;
import org.qrm.rest.internal.http.About;
import org.qrm.rest.internal.http.Answer;
import org.qrm.rest.internal.http.Call;
import org.qrm.rest.internal.http.Items;
import org.qrm.rest.internal.http.Route;
import org.qrm.rest.internal.services.ApiServices;

/** Partitions of a host, through the plug-in that made the machine one. */
public final class PartitionPaths implements Paths {

    private final ApiServices services;

    record Request(
            @About(value = "how many, 1 to 64; 1 unless given", optional = true)
            Integer count,

            @About("virtual CPUs of each, from 1") Integer cpus,

            @About(value = "share of each CPU in MHz; all of it unless given", optional = true)
            Integer cpuMhz,

            @About("MiB of each") Long memoryMb) {}

    record Action(@About("what to do") PartitionAction action) {}

    public PartitionPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/resources/{id}/partitions", "Lists the partitions of a host; none of any other machine.")
                        .paged()
                        .answersListOf(PartitionView.class)
                        .by(this::list),
                Route.post("/resources/{id}/partitions", "Creates and starts partitions on a host.")
                        .takes(Request.class)
                        .answers(202, OperationView.class)
                        .by(this::create),
                Route.post("/resources/{id}/partitions/{partition}/actions", "Starts an action on a partition.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .by(call -> act(call, host(call), call.number("partition", "partition"))),
                Route.post("/partitions/{id}/actions", "The same, by number, name or MAC address of the partition.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .by(this::actByItself));
    }

    private Answer list(Call call) {
        Resource host = host(call);
        return Answer.ok(plugin(host)
                .map(plugin -> Items.of(services.partitionProvider(plugin).list(host), call.page(), PartitionView::of))
                .orElseGet(() -> new Items<>(List.of(), null)));
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        Resource host = host(call);
        int count = Objects.requireNonNullElse(request.count, 1);
        int cpuMhz = Objects.requireNonNullElse(request.cpuMhz, 0);
        if (count < 1 || count > 64 || request.cpus < 1 || cpuMhz < 0 || request.memoryMb < 1) {
            throw QrmException.invalid(
                    "create partitions",
                    host.name(),
                    "count must be 1 to 64, cpus and memoryMb at least 1, cpuMhz not negative",
                    "Correct the figures.");
        }
        PartitionSize size = new PartitionSize(request.cpus, cpuMhz, request.memoryMb);
        return OperationView.accepted(provider(host).create(host, count, size));
    }

    private Answer actByItself(Call call) throws Exception {
        Resource partition = ResourceLookup.find(services, call.path("id"));
        if (partition.hostId() == null) {
            throw QrmException.conflict(
                    "find partition", partition.name(), "this resource is no partition", "Name a partition.");
        }
        Resource host = services.resources()
                .find(partition.hostId())
                .orElseThrow(() -> QrmException.notFound(
                        "find host", "resource", partition.hostId().toString()));
        return act(call, host, partition.id());
    }

    private Answer act(Call call, Resource host, long partition) throws Exception {
        PartitionAction action = call.body(Action.class).action();
        return OperationView.accepted(provider(host).act(host, partition, action));
    }

    private PartitionProvider provider(Resource host) {
        return services.partitionProvider(plugin(host)
                .orElseThrow(() -> QrmException.conflict(
                        "find partitions",
                        host.name(),
                        "this resource is not a host of partitions",
                        "Start a virtual environment with partitioning on it.")));
    }

    /** The plug-in whose host this machine is. */
    private Optional<String> plugin(Resource host) {
        return Optional.ofNullable(host.environmentId())
                .flatMap(name -> services.virtualEnvironments().find(name))
                .map(VirtualEnvironment::spec)
                .map(spec -> spec.partitioning());
    }

    private Resource host(Call call) {
        return ResourceLookup.find(services, call.path("id"));
    }
}
