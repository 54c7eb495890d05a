package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm ve}. */
@Command(name = "ve", description = "Virtual environments: what runs on a machine.")
final class EnvironmentCommands {

    private static final String PATH = "/virtual-environments";
    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("STATE", "state"),
            Screen.Column.of("MODE", "mode"),
            Screen.Column.of("BOOT IMAGE", "bootImage"),
            Screen.Column.of("FILESYSTEM IMAGE", "filesystemImage"),
            Screen.Column.of("RUNS ON", "runsOn"),
            Screen.Column.of("PARTITIONING", "partitioning"),
            Screen.Column.of("RESOURCES", "resources"),
            Screen.Column.of("REASON", "reason"));
    private static final List<Screen.Column> PLACEMENT = List.of(
            Screen.Column.of("RESOURCE", "resource"),
            Screen.Column.of("NAME", "name"),
            new Screen.Column("CHOSEN", item -> item.path("chosen").asBoolean() ? "yes" : ""),
            new Screen.Column("FITS", item -> item.path("fits").asBoolean() ? "yes" : "no"),
            Screen.Column.of("REASONS", "reasons"));

    /** What an administrator decides about a virtual environment; what is not given stays as it is. */
    static final class Description {
        @Option(names = "--boot-image", paramLabel = "NAME", description = "\"default\" unless given.")
        String bootImage;

        @Option(names = "--filesystem-image", paramLabel = "NAME", description = "Its root file system.")
        String filesystemImage;

        @Option(names = "--mode", paramLabel = "single|multi", description = "Single-server, or same for all.")
        String mode;

        @Option(
                names = "--partitioning",
                paramLabel = "PLUG-IN",
                description = "Makes it a host of partitions; none for none.")
        String partitioning;

        @Option(names = "--runs-on", paramLabel = "node|partition:PLUG-IN", description = "node unless given.")
        String runsOn;

        @Option(names = "--cpus", paramLabel = "N", description = "CPUs that it needs at least.")
        Integer cpus;

        @Option(names = "--cpu-mhz", paramLabel = "N", description = "MHz of one CPU at least.")
        Integer cpuMhz;

        @Option(names = "--memory-mb", paramLabel = "N", description = "MiB of memory at least.")
        Integer memoryMb;

        @Option(names = "--nics", paramLabel = "N", description = "Network cards at least.")
        Integer nics;

        @Option(names = "--kernel-argument", paramLabel = "ARGUMENT", description = "Can be given again.")
        List<String> kernelArguments;

        @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
        String description;

        void writeTo(ObjectNode body) {
            put(body, "bootImage", bootImage);
            put(body, "filesystemImage", filesystemImage);
            put(body, "mode", mode);
            put(body, "partitioning", partitioning);
            if ("none".equals(partitioning)) {
                body.putNull("partitioning");
            }
            put(body, "runsOn", runsOn);
            put(body, "description", description);
            ObjectNode requirements = body.withObject("/requirements");
            put(requirements, "cpus", cpus);
            put(requirements, "cpuMhz", cpuMhz);
            put(requirements, "memoryMb", memoryMb);
            put(requirements, "nics", nics);
            if (kernelArguments != null) {
                body.putArray("kernelArguments")
                        .addAll(Rest.JSON.<com.fasterxml.jackson.databind.node.ArrayNode>valueToTree(kernelArguments));
            }
        }

        private static void put(ObjectNode body, String field, Object value) {
            if (value != null) {
                body.set(field, Rest.JSON.valueToTree(value));
            }
        }
    }

    private final Session session;

    EnvironmentCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists virtual environments.")
    int list(
            @Option(names = "--state", description = "inactive starting active stopping error") String state,
            @Option(names = "--sort", paramLabel = "FIELD", description = "name state; -FIELD for the greatest first.")
                    String sort) {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("state", state);
        filters.put("sort", sort);
        session.screen().list(session.rest().list(PATH, filters), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Shows all about a virtual environment.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        session.screen().item(session.rest().get(path(name)));
        return 0;
    }

    @Command(name = "create", description = "Describes a new virtual environment.")
    int create(@Parameters(paramLabel = "NAME") String name, @Mixin Description description) {
        if (description.filesystemImage == null) {
            throw Failure.usage("Cannot create virtual environment \"" + name
                    + "\": name its root file system with --filesystem-image (qrm filesystem-image list).");
        }
        ObjectNode body = Rest.JSON.createObjectNode().put("name", name);
        description.writeTo(body);
        return made(session.rest().post(PATH, body), "created");
    }

    @Command(name = "update", description = "Changes an inactive virtual environment.")
    int update(@Parameters(paramLabel = "NAME") String name, @Mixin Description description) {
        ObjectNode body = session.rest().get(path(name)).deepCopy();
        body.remove(List.of("state", "reason", "resources", "version"));
        description.writeTo(body);
        return made(session.rest().put(path(name), body), "changed");
    }

    @Command(name = "delete", description = "Forgets an inactive virtual environment.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
        session.rest().delete(path(name));
        session.screen().sentence("Virtual environment " + name + " is deleted.");
        return 0;
    }

    @Command(name = "placement", description = "Shows where one that needs this would go now, and why not elsewhere.")
    int placement(
            @Option(names = "--runs-on", paramLabel = "KIND", description = "node, or partition:PLUG-IN.")
                    String runsOn,
            @Option(names = "--partitioning", paramLabel = "PLUG-IN", description = "It makes its machine a host.")
                    String partitioning,
            @Option(names = "--cpus", paramLabel = "N", description = "CPUs at least.") Integer cpus,
            @Option(names = "--cpu-mhz", paramLabel = "N", description = "MHz of one CPU at least.") Integer cpuMhz,
            @Option(names = "--memory-mb", paramLabel = "N", description = "MiB of memory at least.") Integer memoryMb,
            @Option(names = "--nics", paramLabel = "N", description = "Network cards at least.") Integer nics,
            @Option(names = "--count", paramLabel = "N", description = "How many machines; 1 unless given.")
                    Integer count) {
        Map<String, Object> needs = new LinkedHashMap<>();
        needs.put("runsOn", runsOn);
        needs.put("partitioning", partitioning);
        needs.put("cpus", cpus);
        needs.put("cpuMhz", cpuMhz);
        needs.put("memoryMb", memoryMb);
        needs.put("nics", nics);
        needs.put("count", count);
        needs.values().removeIf(Objects::isNull);
        String query = needs.entrySet().stream()
                .map(each -> each.getKey() + "=" + Rest.encoded(each.getValue().toString()))
                .collect(Collectors.joining("&"));
        return placement(session.rest().get("/placement" + (query.isEmpty() ? "" : "?" + query)));
    }

    @Command(name = "start", description = "Starts it on machines that fit, or on those that are named.")
    int start(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--resource", paramLabel = "RESOURCE", description = "Take this one; can be given again.")
                    List<String> resources,
            @Option(names = "--count", paramLabel = "N", description = "How many machines; 1 unless given.")
                    Integer count,
            @Option(names = "--dry-run", description = "Only show where it would go, and why not elsewhere.")
                    boolean dryRun,
            @Mixin Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode().put("action", "start");
        if (resources != null) {
            resources.forEach(body.putArray("resources")::add);
        }
        if (count != null) {
            body.put("count", count);
        }
        if (dryRun) {
            return placement(session.rest().post(path(name) + "/actions", body.put("dryRun", true)));
        }
        return new Work(session).show(session.rest().post(path(name) + "/actions", body), work);
    }

    @Command(name = "stop", description = "Stops it and gives its machines back.")
    int stop(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--force", description = "Without asking it, and although its partitions are in use.")
                    boolean force,
            @Mixin Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode().put("action", "stop");
        if (force) {
            body.put("force", true);
        }
        return new Work(session).show(session.rest().post(path(name) + "/actions", body), work);
    }

    @Command(name = "restart", description = "Restarts its machines, which stay bound to it.")
    int restart(@Parameters(paramLabel = "NAME") String name, @Mixin Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode().put("action", "restart");
        return new Work(session).show(session.rest().post(path(name) + "/actions", body), work);
    }

    private int made(JsonNode environment, String what) {
        if (session.screen().json()) {
            session.screen().answer(environment);
        }
        session.screen()
                .sentence("Virtual environment " + environment.path("name").asText() + " is " + what + ".");
        return 0;
    }

    private int placement(JsonNode placement) {
        boolean possible = placement.path("possible").asBoolean();
        if (session.screen().json()) {
            session.screen().answer(placement);
        } else {
            ObjectNode list = Rest.JSON.createObjectNode();
            list.putArray("items");
            placement.path("candidates").forEach(candidate -> {
                ObjectNode row = candidate.deepCopy();
                placement.path("chosen").forEach(chosen -> {
                    if (chosen.asLong() == candidate.path("resource").asLong()) {
                        row.put("chosen", true);
                    }
                });
                list.withArray("/items").add(row);
            });
            session.screen().list(list, PLACEMENT);
            session.screen().sentence(possible ? "It can start." : "It cannot start now.");
        }
        return possible ? 0 : Failure.REFUSED;
    }

    private static String path(String name) {
        return PATH + "/" + Rest.encoded(name);
    }
}
