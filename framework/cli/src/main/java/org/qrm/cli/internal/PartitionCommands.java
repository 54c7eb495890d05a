package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qrm partition}. */
@Command(name = "partition", description = "Virtual machines on a host that are resources like any other.")
final class PartitionCommands {

    private static final String NAMED = "Number, name or MAC address.";

    private final Session session;

    PartitionCommands(Session session) {
        this.session = session;
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
            session.screen().text(answer.path("text").asText());
        }
        return 0;
    }

    @Command(name = "terminal", description = "Opens a partition's console at this terminal.")
    int terminal(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition) {
        return new RemoteTerminal(session).run(own(partition) + "/terminals", "the console of " + partition);
    }

    private static String own(String partition) {
        return "/partitions/" + Far.encoded(partition);
    }
}
