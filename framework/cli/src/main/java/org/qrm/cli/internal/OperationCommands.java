package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm operation}. */
@Command(name = "operation", description = "Work that the server does: how far it is, and cancelling it.")
final class OperationCommands {

    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("ID", "id"),
            Screen.Column.of("KIND", "kind"),
            Screen.Column.of("SUBJECT", "subject"),
            Screen.Column.of("STATE", "state"),
            new Screen.Column(
                    "PROGRESS", item -> Math.round(item.path("progress").asDouble() * 100) + " %"),
            Screen.Column.of("CREATED", "created"),
            Screen.Column.of("REASON", "reason"));

    private final Session session;

    OperationCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists operations, newest first.")
    int list(
            @Option(names = "--state", description = "queued running done failed cancelled") String state,
            @Option(names = "--subject", description = "Only on this: virtual-environment/web1") String subject) {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("state", state);
        filters.put("subject", subject);
        session.screen().list(session.rest().list("/operations", filters), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Shows an operation with its steps and its log.")
    int show(@Parameters(paramLabel = "ID") long id) {
        session.screen().item(session.rest().get("/operations/" + id));
        return 0;
    }

    @Command(name = "wait", description = "Waits until it has ended; exit status 0 only if it is done.")
    int await(
            @Parameters(paramLabel = "ID") long id,
            @Option(names = "--timeout", paramLabel = "SECONDS", description = "At most so long.") Integer timeout) {
        return new Work(session).await(session.rest().get("/operations/" + id), timeout);
    }

    @Command(name = "cancel", description = "Asks for an end; it ends when what it did so far is undone.")
    int cancel(@Parameters(paramLabel = "ID") long id) {
        ObjectNode body = Rest.JSON.createObjectNode().put("action", "cancel");
        JsonNode operation = session.rest().post("/operations/" + id + "/actions", body);
        if (session.screen().json()) {
            session.screen().answer(operation);
        }
        session.screen().sentence(Work.title(operation) + " is asked to end.");
        return 0;
    }
}
