package org.qrm.commands.noun;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.audit.AuditEntry;
import org.qrm.api.audit.AuditFilter;
import org.qrm.api.audit.AuditVerification;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Items;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Who changed what. */
public final class AuditPaths implements Paths {

    private static final QueryParameter<String> USER =
            QueryParameter.of("user", String.class, "only what this user asked for");
    private static final QueryParameter<String> FROM =
            QueryParameter.of("from", String.class, "only at this time or later: 2026-01-31T12:00:00Z");
    private static final QueryParameter<String> TO =
            QueryParameter.of("to", String.class, "only before this time: 2026-02-01T00:00:00Z");

    private final ApiServices services;

    record EntryView(
            @About("its number: 1, 2, 3 … without gaps") long id,
            @About("when it was answered") Instant time,

            @About("who asked; at a login the name that was given")
            String user,

            @About("where from, and how the user was recognised")
            String origin,

            @About("what was asked for: method and path, or the command")
            String action,

            @About("what the request said, without secrets; may be empty")
            String details,

            @About("the HTTP status, or ok; and why it was not done")
            String result,

            @About("SHA-256 over the hash before and the other fields, in hexadecimal digits")
            String hash) {
        static EntryView of(AuditEntry entry) {
            return new EntryView(
                    entry.id(),
                    entry.time(),
                    entry.user(),
                    entry.origin(),
                    entry.action(),
                    entry.details(),
                    entry.result(),
                    entry.hash());
        }
    }

    record Verification(
            @About("whether all is as it was written") boolean ok,

            @About("how many entries are whole, from the first on")
            long entries,

            @About(value = "number of the first entry that was changed or is missing", optional = true)
            Long firstBroken,

            @About("what is wrong with it; empty when nothing is")
            String reason) {
        static Verification of(AuditVerification found) {
            return new Verification(found.firstBroken() == null, found.entries(), found.firstBroken(), found.reason());
        }
    }

    public AuditPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/audit", "Lists the changes that were asked for, newest first.")
                        .only(Role.ADMIN)
                        .query(USER, FROM, TO)
                        .paged()
                        .answersListOf(EntryView.class)
                        .typed(VerbSketch.of("audit", "list")
                                .newest()
                                .called("user", "of")
                                .names("user", "user")
                                .columns("id", "time", "user", "origin", "action", "details", "result"))
                        .by(this::list),
                Route.get("/audit/verification", "Computes the chain of hashes anew, and says where it is broken.")
                        .only(Role.ADMIN)
                        .answers(200, Verification.class)
                        .typed(VerbSketch.of("audit", "verify")
                                .verdict(
                                        "ok",
                                        "All {entries} entries are as they were written.",
                                        "Entry {firstBroken} of the audit log is not as it was written: {reason}.",
                                        1))
                        .by(call ->
                                Answer.ok(Verification.of(services.auditLog().verify()))));
    }

    private Answer list(Call call) {
        AuditFilter filter = new AuditFilter(call.query(USER), time(call, FROM), time(call, TO));
        return Answer.ok(Items.of(services.auditLog().list(filter, call.page()), EntryView::of));
    }

    private static Instant time(Call call, QueryParameter<String> parameter) {
        String text = call.query(parameter);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw QrmException.invalid(
                    "read the query",
                    parameter.name(),
                    Name.printable(text) + " is no time",
                    "Write it in UTC, as 2026-01-31T12:00:00Z.");
        }
    }
}
