package org.qrm.cli.internal;

import org.qrm.commands.line.noun.ResourceNoun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qrm resource}, with what only a terminal of one's own can do. */
@Command(name = "resource", description = "Machines: physical nodes, and partitions of hosts.")
public final class ResourceTerminals extends ResourceNoun {

    private final Session session;

    ResourceTerminals(Session session) {
        super(session);
        this.session = session;
    }

    @Command(name = "terminal", description = "Opens a shell of root on a machine, at this terminal.")
    public int terminal(
            @Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        return new RemoteTerminal(session).run(path(resource) + "/terminals", "a shell of root on " + resource);
    }

    @Command(name = "console", description = "Opens a machine's serial console, by its BMC, at this terminal.")
    public int console(
            @Parameters(paramLabel = "RESOURCE", description = "Number, name or MAC address.") String resource) {
        return new RemoteTerminal(session).run(path(resource) + "/consoles", "the console of " + resource);
    }
}
