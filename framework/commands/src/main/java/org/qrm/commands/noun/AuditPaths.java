package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import org.qrm.api.Sort;
import org.qrm.api.audit.AuditEntry;
import org.qrm.api.audit.AuditField;
import org.qrm.api.audit.AuditVerification;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Who changed what. */
public final class AuditPaths implements Paths {

    private static final ListQuery<AuditField> LIST = ListQuery.of(Sort.from(AuditField.ID));

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

    enum Verb {
        PRUNE
    }

    record Action(
            @About("what to do") Verb action,

            @About("entries that were written before this go, at least 30 days ago: 2026-01-31T12:00:00Z")
            String before) {}

    record PrunedView(@About("how many entries went") long pruned) {}

    public AuditPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/audit", "Lists the changes that were asked for.")
                        .only(Role.ADMIN)
                        .listed(LIST)
                        .answersListOf(EntryView.class)
                        .typed(VerbSketch.of("audit", "list")
                                .newest()
                                .called("user", "of")
                                .names("user", "user")
                                .columns("id", "time", "user", "origin", "action", "details", "result"))
                        .typed(VerbSketch.of("audit", "export")
                                .about("Writes all entries, to be kept elsewhere: -o json, or csv.")
                                .called("user", "of")
                                .names("user", "user")
                                .columns("id", "time", "user", "origin", "action", "details", "result", "hash"))
                        .by(this::list),
                Route.post(
                                "/audit/actions",
                                "Forgets old entries; the chain of hashes goes on from the last one that went.")
                        .only(Role.ADMIN)
                        .takes(Action.class)
                        .answers(200, PrunedView.class)
                        .typed(VerbSketch.action("audit", "prune")
                                .about("Forgets old entries; export them before.")
                                .done("Entries forgotten: {pruned}."))
                        .by(this::prune),
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

    private Answer prune(Call call) throws Exception {
        return Answer.ok(new PrunedView(
                services.auditLog().prune(QueryParameter.time("before", call.body(Action.class).before))));
    }

    private Answer list(Call call) {
        return Answer.ok(LIST.answer(call, services.auditLog()::list, EntryView::of));
    }
}
