package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm resource}. */
@Command(name = "resource", description = "Machines: physical nodes, and partitions of hosts.")
final class ResourceCommands {

    static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("ID", "id"),
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("MAC", "mac"),
            Screen.Column.of("KIND", "kind"),
            Screen.Column.of("STATE", "state"),
            Screen.Column.of("CPUS", "cpus"),
            Screen.Column.of("MHZ", "cpuMhz"),
            Screen.Column.of("MEMORY MiB", "memoryMb"),
            new Screen.Column("NICS", item -> Integer.toString(item.path("nics").size())),
            Screen.Column.of("ENVIRONMENT", "environmentId"),
            Screen.Column.of("REASON", "reason"));

    private static final List<Screen.Column> LOAD =
            List.of(Screen.Column.of("MINUTE", "minute"), Screen.Column.of("LOAD", "load"));

    private final Session session;

    ResourceCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists machines.")
    int list(
            @Option(names = "--state", description = "new idle assigned booting active releasing off error maintenance")
                    String state,
            @Option(names = "--kind", description = "node or partition") String kind,
            @Option(names = "--environment", paramLabel = "NAME", description = "Bound to this virtual environment.")
                    String environment,
            @Option(names = "--host", paramLabel = "RESOURCE", description = "Partitions of this machine.") String host,
            @Option(names = "--text", description = "With this in name, MAC or IP address.") String text,
            @Option(
                            names = "--sort",
                            paramLabel = "FIELD",
                            description = "id name state cpus cpuMhz memoryMb; -FIELD for the greatest first.")
                    String sort) {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("state", state);
        filters.put("kind", kind);
        filters.put("environmentId", environment);
        filters.put("hostId", host == null ? null : number(session, host));
        filters.put("text", text);
        filters.put("sort", sort);
        session.screen().list(session.rest().list("/resources", filters), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Shows all about a machine.")
    int show(@Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        session.screen().item(session.rest().get(path(resource)));
        return 0;
    }

    @Command(name = "load", description = "Tells how loaded a machine was in the last hour, minute by minute.")
    int load(@Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        session.screen().list(session.rest().list(path(resource) + "/load", Map.of()), LOAD);
        return 0;
    }

    @Command(name = "terminal", description = "Opens a shell of root on a machine, at this terminal.")
    int terminal(@Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        return new RemoteTerminal(session).run(path(resource) + "/terminals", "a shell of root on " + resource);
    }

    @Command(name = "rename", description = "Gives a machine another name.")
    int rename(
            @Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource,
            @Parameters(paramLabel = "NAME", description = "The new name, unique.") String name) {
        ObjectNode body = Rest.JSON.createObjectNode().put("name", name);
        JsonNode renamed = session.rest().patch(path(resource), body);
        if (session.screen().json()) {
            session.screen().answer(renamed);
        }
        session.screen().sentence("Resource " + renamed.path("id").asText() + " is called " + name + " now.");
        return 0;
    }

    @Command(name = "reboot", description = "Restarts machines; each boots what it is bound to.")
    int reboot(@Parameters(paramLabel = "RESOURCE", arity = "1..*") List<String> resources, @Mixin Work.Options work) {
        return act("reboot", resources, work);
    }

    @Command(name = "power-on", description = "Switches machines on; needs a power controller.")
    int powerOn(@Parameters(paramLabel = "RESOURCE", arity = "1..*") List<String> resources, @Mixin Work.Options work) {
        return act("power-on", resources, work);
    }

    @Command(name = "power-off", description = "Shuts machines down and switches them off.")
    int powerOff(
            @Parameters(paramLabel = "RESOURCE", arity = "1..*") List<String> resources, @Mixin Work.Options work) {
        return act("power-off", resources, work);
    }

    @Command(name = "maintenance", description = "Keeps machines out of placement.")
    int maintenance(
            @Parameters(paramLabel = "RESOURCE", arity = "1..*") List<String> resources, @Mixin Work.Options work) {
        return act("maintenance", resources, work);
    }

    @Command(name = "local-boot", description = "Lets machines boot from their own disks, out of the pool.")
    int localBoot(
            @Parameters(paramLabel = "RESOURCE", arity = "1..*") List<String> resources, @Mixin Work.Options work) {
        return act("local-boot", resources, work);
    }

    @Command(name = "resume", description = "Ends maintenance or local boot.")
    int resume(@Parameters(paramLabel = "RESOURCE", arity = "1..*") List<String> resources, @Mixin Work.Options work) {
        return act("resume", resources, work);
    }

    @Command(name = "remove", description = "Forgets machines; each is new when it boots again.")
    int remove(@Parameters(paramLabel = "RESOURCE", arity = "1..*") List<String> resources, @Mixin Work.Options work) {
        return act("remove", resources, work);
    }

    private int act(String action, List<String> resources, Work.Options work) {
        int status = 0;
        ObjectNode body = Rest.JSON.createObjectNode().put("action", action);
        for (String resource : resources) {
            JsonNode operation = session.rest().post(path(resource) + "/actions", body);
            status = Math.max(status, new Work(session).show(operation, work));
        }
        return status;
    }

    /** The number of a machine that a person named in another way. */
    static String number(Session session, String resource) {
        return resource.matches("[0-9]+")
                ? resource
                : session.rest().get(path(resource)).path("id").asText();
    }

    static String path(String resource) {
        return "/resources/" + Rest.encoded(resource);
    }
}
