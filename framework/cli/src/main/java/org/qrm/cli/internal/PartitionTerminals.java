package org.qrm.cli.internal;

import org.qrm.commands.line.noun.PartitionNoun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qrm partition}, with what only a terminal of one's own can do. */
@Command(name = "partition", description = "Virtual machines on a host that are resources like any other.")
public final class PartitionTerminals extends PartitionNoun {

    private final Session session;

    PartitionTerminals(Session session) {
        super(session);
        this.session = session;
    }

    @Command(name = "terminal", description = "Opens a partition's console at this terminal.")
    public int terminal(
            @Parameters(paramLabel = "PARTITION", description = "Number, name or MAC address.") String partition) {
        return new RemoteTerminal(session).run(own(partition) + "/terminals", "the console of " + partition);
    }
}
