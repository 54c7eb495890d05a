package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qrm audit}. */
@Command(name = "audit", description = "Who changed what, when, from where, and what came of it.")
final class AuditCommands {

    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("ID", "id"),
            Screen.Column.of("TIME", "time"),
            Screen.Column.of("USER", "user"),
            Screen.Column.of("ORIGIN", "origin"),
            Screen.Column.of("ACTION", "action"),
            Screen.Column.of("DETAILS", "details"),
            Screen.Column.of("RESULT", "result"));

    private final Session session;

    AuditCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists the changes that were asked for, newest first.")
    int list(
            @Option(names = "--of", paramLabel = "USER", description = "Only what this user asked for.") String user,
            @Option(names = "--from", paramLabel = "TIME", description = "At 2026-01-31T12:00:00Z or later.")
                    String from,
            @Option(names = "--to", paramLabel = "TIME", description = "Before 2026-02-01T00:00:00Z.") String to,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "At most; 100 unless given.")
                    int limit) {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("user", user);
        filters.put("from", from);
        filters.put("to", to);
        session.screen().list(session.rest().page("/audit", filters, limit), COLUMNS);
        return 0;
    }

    @Command(
            name = "verify",
            description = "Computes the chain anew; fails, and names the first entry, if it is broken.")
    int verify() {
        JsonNode found = session.rest().get("/audit/verification");
        if (session.screen().json()) {
            session.screen().answer(found);
        }
        if (!found.path("ok").asBoolean()) {
            throw new Failure(
                    Failure.FAILED,
                    "Entry " + found.path("firstBroken").asText() + " of the audit log is not as it was written: "
                            + found.path("reason").asText() + ".");
        }
        session.screen().sentence("All " + found.path("entries").asText() + " entries are as they were written.");
        return 0;
    }
}
