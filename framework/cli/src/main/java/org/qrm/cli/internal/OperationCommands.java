package org.qrm.cli.internal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm operation}. */
@Command(name = "operation", description = "Work that the server does: how far it is, and cancelling it.")
final class OperationCommands {

    private final Session session;

    OperationCommands(Session session) {
        this.session = session;
    }

    @Command(name = "wait", description = "Waits until it has ended; exit status 0 only if it is done.")
    int await(
            @Parameters(paramLabel = "ID") long id,
            @Option(names = "--timeout", paramLabel = "SECONDS", description = "At most so long.") Integer timeout) {
        return session.work().await(session.rest().get("/operations/" + id), timeout);
    }
}
