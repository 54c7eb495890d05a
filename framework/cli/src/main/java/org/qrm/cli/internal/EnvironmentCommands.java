package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qrm ve}: what is not made from the description of the interface. */
@Command(name = "ve", description = "Virtual environments.")
final class EnvironmentCommands {

    private final Session session;

    EnvironmentCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "set-secret",
            description = "Sets an argument that only its machines are told; asked for, or read from the input.")
    int setSecret(@Parameters(paramLabel = "NAME") String name, @Parameters(paramLabel = "ARGUMENT") String argument) {
        JsonNode changed = session.rest()
                .send(
                        "PUT",
                        "/virtual-environments/" + Far.encoded(name) + "/secret-arguments/" + Far.encoded(argument),
                        Rest.JSON
                                .createObjectNode()
                                .put("value", SecretInput.read(session.in(), "Value of " + argument)));
        if (session.screen().json()) {
            session.screen().answer(changed);
        }
        session.screen().sentence("Secret argument " + argument + " of " + name + " is set.");
        return 0;
    }
}
