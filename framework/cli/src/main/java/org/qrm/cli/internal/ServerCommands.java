package org.qrm.cli.internal;

import picocli.CommandLine.Command;

/** {@code qrm server}. */
@Command(name = "server", description = "The server itself.")
final class ServerCommands {

    private final Session session;

    ServerCommands(Session session) {
        this.session = session;
    }

    @Command(name = "show", description = "Shows its version and address, and how much there is of everything.")
    int show() {
        session.screen().item(session.rest().get("/server"));
        return 0;
    }
}
