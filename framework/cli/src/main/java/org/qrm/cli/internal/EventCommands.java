package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm event}. */
@Command(name = "event", description = "What happened.")
final class EventCommands {

    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("ID", "id"),
            Screen.Column.of("TIME", "time"),
            Screen.Column.of("PRIORITY", "priority"),
            Screen.Column.of("SOURCE", "source"),
            Screen.Column.of("SUBJECT", "subject"),
            new Screen.Column(
                    "SEEN",
                    item -> item.path("resolved").asBoolean()
                            ? "resolved"
                            : item.path("acknowledged").asBoolean() ? "yes" : ""),
            Screen.Column.of("DESCRIPTION", "description"));

    private final Session session;

    EventCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists events, newest first.")
    int list(
            @Option(names = "--priority", description = "At least: info warning error alarm") String priority,
            @Option(names = "--source", description = "From this part: core, or a plug-in.") String source,
            @Option(names = "--type", description = "Of this sort: resource.state") String type,
            @Option(names = "--subject", description = "On this: virtual-environment/web1") String subject,
            @Option(names = "--resource", paramLabel = "RESOURCE", description = "Concerning this machine.")
                    String resource,
            @Option(names = "--acknowledged", paramLabel = "true|false", description = "Seen, or not.")
                    String acknowledged,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "At most; 100 unless given.")
                    int limit) {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("atLeast", priority);
        filters.put("source", source);
        filters.put("type", type);
        filters.put("subject", subject);
        filters.put("resource", resource == null ? null : ResourceCommands.number(session, resource));
        filters.put("acknowledged", acknowledged);
        session.screen().list(session.rest().page("/events", filters, limit), COLUMNS);
        return 0;
    }

    @Command(name = "acknowledge", description = "Marks events as seen.")
    int acknowledge(@Parameters(paramLabel = "ID", arity = "1..*") List<Long> ids) {
        for (long id : ids) {
            JsonNode event = session.rest()
                    .post(
                            "/events/" + id + "/actions",
                            Rest.JSON.createObjectNode().put("action", "acknowledge"));
            if (session.screen().json()) {
                session.screen().answer(event);
            }
            session.screen().sentence("Event " + id + " is acknowledged.");
        }
        return 0;
    }
}
