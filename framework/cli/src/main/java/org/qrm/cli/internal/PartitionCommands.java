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
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("MAC", "mac"),
            Screen.Column.of("PLUG-IN", "plugin"),
            Screen.Column.of("STATE", "state"),
            Screen.Column.of("CPUS", "cpus"),
            Screen.Column.of("MHZ", "cpuMhz"),
            Screen.Column.of("MEMORY MiB", "memoryMb"),
            Screen.Column.of("REASON", "reason"));

    private static final String NAMED = "Number, name or MAC address.";

    private final Session session;

    PartitionCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists the partitions of a host.")
    int list(@Parameters(paramLabel = "HOST", description = NAMED) String host) {
        session.screen().list(session.rest().get(path(host)), COLUMNS);
        return 0;
    }

    @Command(name = "create", description = "Creates and starts partitions on a host.")
    int create(
            @Parameters(paramLabel = "HOST", description = NAMED) String host,
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

    @Command(name = "show", description = "Shows a partition.")
    int show(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition) {
        session.screen().item(session.rest().get(own(partition)));
        return 0;
    }

    @Command(name = "capacity", description = "What a host has left for partitions, as it says now.")
    int capacity(@Parameters(paramLabel = "HOST", description = NAMED) String host) {
        session.screen().item(session.rest().get(ResourceCommands.path(host) + "/capacity"));
        return 0;
    }

    @Command(name = "type", description = "Types a line at a partition's console.")
    int type(
            @Parameters(paramLabel = "PARTITION", description = NAMED) String partition,
            @Parameters(paramLabel = "LINE", description = "The line; return is pressed after it.") String line) {
        session.rest()
                .post(own(partition) + "/console", Rest.JSON.createObjectNode().put("text", line + "\r"));
        return 0;
    }

    @Command(name = "console", description = "Prints the end of what a partition wrote to its console.")
    int console(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition) {
        JsonNode answer = session.rest().get(own(partition) + "/console");
        if (session.screen().json()) {
            session.screen().answer(answer);
        } else {
            // a guest writes what it likes: nothing of it may steer this terminal
            session.screen()
                    .say(answer.path("text").asText().replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n\\t]]", ""));
        }
        return 0;
    }

    @Command(name = "terminal", description = "Opens a partition's console at this terminal.")
    int terminal(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition) {
        return new RemoteTerminal(session).run(own(partition) + "/terminals", "the console of " + partition);
    }

    @Command(name = "start", description = "Starts a partition.")
    int start(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition, @Mixin Work.Options work) {
        return act("start", partition, false, work);
    }

    @Command(name = "stop", description = "Shuts a partition down.")
    int stop(
            @Parameters(paramLabel = "PARTITION", description = NAMED) String partition,
            @Option(names = "--force", description = "At once, and whatever runs on it.") boolean force,
            @Mixin Work.Options work) {
        return act("stop", partition, force, work);
    }

    @Command(name = "restart", description = "Shuts a partition down and starts it again.")
    int restart(
            @Parameters(paramLabel = "PARTITION", description = NAMED) String partition,
            @Option(names = "--force", description = "At once, and whatever runs on it.") boolean force,
            @Mixin Work.Options work) {
        return act("restart", partition, force, work);
    }

    @Command(name = "pause", description = "Makes a partition stand still in its host's memory.")
    int pause(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition, @Mixin Work.Options work) {
        return act("pause", partition, false, work);
    }

    @Command(name = "resume", description = "Ends a pause.")
    int resume(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition, @Mixin Work.Options work) {
        return act("resume", partition, false, work);
    }

    @Command(name = "remove", description = "Removes a partition from its host.")
    int remove(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition, @Mixin Work.Options work) {
        return act("remove", partition, false, work);
    }

    @Command(name = "change", description = "Gives a partition another size, or other CPUs of its host.")
    int change(
            @Parameters(paramLabel = "PARTITION", description = NAMED) String partition,
            @Option(names = "--cpus", paramLabel = "N", description = "CPUs.") Integer cpus,
            @Option(names = "--cpu-mhz", paramLabel = "N", description = "MHz of each CPU; 0: all.") Integer cpuMhz,
            @Option(names = "--memory-mb", paramLabel = "N", description = "MiB of memory.") Long memoryMb,
            @Option(
                            names = "--pinned-cpus",
                            paramLabel = "LIST",
                            description = "CPUs of the host that it may use, 0-1,3; empty for any.")
                    String pinnedCpus,
            @Mixin Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode();
        if (cpus != null) {
            body.put("cpus", cpus);
        }
        if (cpuMhz != null) {
            body.put("cpuMhz", cpuMhz);
        }
        if (memoryMb != null) {
            body.put("memoryMb", memoryMb);
        }
        if (pinnedCpus != null) {
            body.put("pinnedCpus", pinnedCpus);
        }
        return new Work(session).show(session.rest().patch(own(partition), body), work);
    }

    private int act(String action, String partition, boolean force, Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode().put("action", action);
        if (force) {
            body.put("force", true);
        }
        return new Work(session).show(session.rest().post(own(partition) + "/actions", body), work);
    }

    private static String own(String partition) {
        return "/partitions/" + Rest.encoded(partition);
    }

    private static String path(String host) {
        return ResourceCommands.path(host) + "/partitions";
    }
}
