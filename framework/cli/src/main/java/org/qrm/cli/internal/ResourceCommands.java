package org.qrm.cli.internal;

import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qrm resource}. */
@Command(name = "resource", description = "Machines: physical nodes, and partitions of hosts.")
final class ResourceCommands {

    private final Session session;

    ResourceCommands(Session session) {
        this.session = session;
    }

    @Command(name = "terminal", description = "Opens a shell of root on a machine, at this terminal.")
    int terminal(@Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        return new RemoteTerminal(session).run(path(resource) + "/terminals", "a shell of root on " + resource);
    }

    static String path(String resource) {
        return "/resources/" + Far.encoded(resource);
    }
}
