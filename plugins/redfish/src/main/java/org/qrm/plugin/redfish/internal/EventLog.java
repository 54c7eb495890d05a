package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.qrm.api.power.BmcLogEntry;

/** What the log services of a machine and of its manager hold (schemas LogService and LogEntry). */
final class EventLog {

    private static final int MOST_MANAGERS = 2;
    private static final int MOST_LOGS = 4;
    private static final int MOST = 500;

    private static final Comparator<BmcLogEntry> NEWEST_FIRST = Comparator.comparing(
                    BmcLogEntry::time, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .reversed();

    private EventLog() {}

    /** The newest first. */
    static List<BmcLogEntry> read(Conversation talk, ComputerSystem system) {
        List<Answer> keepers = new ArrayList<>(List.of(system.answer()));
        keepers.addAll(Members.listed(
                talk,
                system.answer(),
                MOST_MANAGERS,
                system.answer().json().path("Links").path("ManagedBy")));
        List<BmcLogEntry> entries = new ArrayList<>();
        for (Answer keeper : keepers) {
            Members.one(talk, keeper, "LogServices")
                    .ifPresent(services -> Members.listed(
                                    talk, services, MOST_LOGS, services.json().path("Members"))
                            .forEach(log -> Members.one(talk, log, "Entries")
                                    .ifPresent(all -> Members.of(talk, all, MOST)
                                            .forEach(each -> entries.add(entry(talk, each))))));
        }
        return entries.stream().sorted(NEWEST_FIRST).limit(MOST).toList();
    }

    private static BmcLogEntry entry(Conversation talk, JsonNode each) {
        String severity = Json.text(each, "Severity");
        String message = Json.text(each, "Message").strip();
        boolean told = severity.isEmpty() || severity.equals("OK");
        return new BmcLogEntry(
                talk.service().discreet(Json.text(each, "Id")),
                time(Json.text(each, "Created")),
                talk.service().discreet(Json.text(each, "SensorType")),
                talk.service().discreet(told ? message : severity + ": " + message));
    }

    private static Instant time(String created) {
        try {
            return OffsetDateTime.parse(created).toInstant();
        } catch (DateTimeException none) {
            return null;
        }
    }
}
