package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm partition}. */
@Command(name = "partition", description = "Virtual machines on a host that are resources like any other.")
final class PartitionCommands {

    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("ID", "id"),
            Screen.Column.of("MAC", "mac"),
            Screen.Column.of("PLUG-IN", "plugin"),
            Screen.Column.of("STATE", "state"),
            Screen.Column.of("CPUS", "cpus"),
            Screen.Column.of("MHZ", "cpuMhz"),
            Screen.Column.of("MEMORY MB", "memoryMb"),
            Screen.Column.of("REASON", "reason"));

    private final Session session;

    PartitionCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists the partitions of a host.")
    int list(@Parameters(paramLabel = "HOST", description = "Number, name or MAC address.") String host) {
        session.screen().list(session.rest().get(path(host)), COLUMNS);
        return 0;
    }

    @Command(name = "create", description = "Creates and starts partitions on a host.")
    int create(
            @Parameters(paramLabel = "HOST", description = "Number, name or MAC address.") String host,
            @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "How many; 1 unless given.")
                    int count,
            @Option(
                            names = "--cpus",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "CPUs of each; 1 unless given.")
                    int cpus,
            @Option(names = "--cpu-mhz", paramLabel = "N", defaultValue = "0", description = "MHz of each CPU; 0: all.")
                    int cpuMhz,
            @Option(names = "--memory-mb", paramLabel = "N", required = true, description = "MiB of memory of each.")
                    int memoryMb,
            @Mixin Work.Options work) {
        ObjectNode body = Rest.JSON
                .createObjectNode()
                .put("count", count)
                .put("cpus", cpus)
                .put("cpuMhz", cpuMhz)
                .put("memoryMb", memoryMb);
        return new Work(session).show(session.rest().post(path(host), body), work);
    }

    @Command(name = "start", description = "Starts a partition.")
    int start(
            @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PARTITION") String partition,
            @Mixin Work.Options work) {
        return act("start", host, partition, work);
    }

    @Command(name = "stop", description = "Stops a partition.")
    int stop(
            @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PARTITION") String partition,
            @Mixin Work.Options work) {
        return act("stop", host, partition, work);
    }

    @Command(name = "restart", description = "Restarts a partition.")
    int restart(
            @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PARTITION") String partition,
            @Mixin Work.Options work) {
        return act("restart", host, partition, work);
    }

    @Command(name = "remove", description = "Removes a partition from its host.")
    int remove(
            @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PARTITION") String partition,
            @Mixin Work.Options work) {
        return act("remove", host, partition, work);
    }

    private int act(String action, String host, String partition, Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode().put("action", action);
        JsonNode operation = session.rest().post(path(host) + "/" + Rest.encoded(partition) + "/actions", body);
        return new Work(session).show(operation, work);
    }

    private static String path(String host) {
        return ResourceCommands.path(host) + "/partitions";
    }
}
