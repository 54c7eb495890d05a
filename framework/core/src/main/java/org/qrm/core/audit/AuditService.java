package org.qrm.core.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.audit.AuditEntry;
import org.qrm.api.audit.AuditField;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.audit.AuditVerification;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Column;
import org.qrm.core.store.Database;
import org.qrm.core.store.Listing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit log over its table. The row of the head orders all who append, on whatever server. */
public final class AuditService implements AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditService.class);
    private static final int BATCH = 1000;

    /** So long nobody can wipe out what was done. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String PRUNE = "prune audit log";

    private final Database database;
    private final Clock clock;
    private volatile boolean lastFailed;

    private record Row(AuditEntry entry, String previous) {}

    private record Head(long id, String hash) {}

    private static final RowMapper<AuditEntry> ENTRY = (row, context) -> new AuditEntry(
            row.getLong("id"),
            Instant.ofEpochMilli(row.getLong("time")),
            row.getString("user_name"),
            row.getString("origin"),
            row.getString("action"),
            row.getString("details"),
            row.getString("result"),
            row.getString("hash"));

    private static final RowMapper<Row> ROW =
            (row, context) -> new Row(ENTRY.map(row, context), row.getString("previous"));

    private static final Listing<AuditEntry, AuditField> LISTING =
            new Listing<>("audit", ENTRY, AuditField.ID, AuditService::column);

    public AuditService(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    private static Column<AuditEntry> column(AuditField field) {
        return switch (field) {
            case ID -> Column.number("id", AuditEntry::id);
            case USER -> Column.only("user_name = :value");
            case FROM -> Column.only("time >= :value");
            case TO -> Column.only("time < :value");
        };
    }

    /** A look each time; after a failure a write, so that one change in vain is the most. */
    @Override
    public void requireWritable() {
        try {
            if (lastFailed) {
                append("", "server", "audit log", "", "it can be written again");
                lastFailed = false;
            } else {
                database.read(AuditService::head);
            }
        } catch (RuntimeException e) {
            throw unwritable("nothing was changed", e);
        }
    }

    @Override
    public AuditEntry append(String user, String origin, String action, String details, String result) {
        String cleanUser = AuditChain.text(user, 256);
        String cleanOrigin = AuditChain.text(origin, 120);
        String cleanAction = AuditChain.text(action, 600);
        String cleanDetails = AuditChain.text(details, 1000);
        String cleanResult = AuditChain.text(result, 600);
        try {
            return database.change(change -> {
                Handle handle = change.handle();
                // takes the lock that orders all who append
                handle.execute("update audit_head set last_id = last_id + 1");
                Head head = head(handle);
                Instant time = Instant.ofEpochMilli(clock.millis());
                String hash = AuditChain.hash(
                        head.hash, head.id, time, cleanUser, cleanOrigin, cleanAction, cleanDetails, cleanResult);
                handle.execute("update audit_head set hash = ?", hash);
                handle.execute(
                        "insert into audit (id, time, user_name, origin, action, details, result, previous, hash)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        head.id,
                        time.toEpochMilli(),
                        cleanUser,
                        cleanOrigin,
                        cleanAction,
                        cleanDetails,
                        cleanResult,
                        head.hash,
                        hash);
                return new AuditEntry(
                        head.id, time, cleanUser, cleanOrigin, cleanAction, cleanDetails, cleanResult, hash);
            });
        } catch (RuntimeException e) {
            lastFailed = true;
            LOG.error("Not audited: {} {} {} {} {}", cleanUser, cleanOrigin, cleanAction, cleanDetails, cleanResult, e);
            throw unwritable("what was asked for came to: " + cleanResult, e);
        }
    }

    @Override
    public Page<AuditEntry> list(Filter<AuditField> filter, Sort<AuditField> sort, PageRequest page) {
        return database.read(handle -> LISTING.page(handle, filter, sort, page));
    }

    @Override
    public AuditVerification verify() {
        return verify(database.read(AuditService::head).id);
    }

    /** All up to that number. */
    private AuditVerification verify(long upTo) {
        Head first = database.read(AuditService::pruned);
        Head head = database.read(AuditService::head);
        Head last = first;
        while (last.id < upTo) {
            List<Row> rows = batch(last.id, upTo);
            for (Row row : rows) {
                String wrong = wrong(row, last);
                if (wrong != null) {
                    return new AuditVerification(last.id - first.id, last.id + 1, wrong);
                }
                last = new Head(row.entry.id(), row.entry.hash());
            }
            if (rows.isEmpty()) {
                return new AuditVerification(last.id - first.id, last.id + 1, "it is missing, and all after it");
            }
        }
        return last.id < head.id || last.hash.equals(head.hash)
                ? new AuditVerification(last.id - first.id, null, "")
                : new AuditVerification(last.id - first.id, last.id, "it is not the one that was written last");
    }

    @Override
    public long prune(Instant before) {
        Instant latest = clock.instant().minus(KEPT);
        if (before.isAfter(latest)) {
            throw QrmException.invalid(
                    PRUNE,
                    before.toString(),
                    "entries of the last " + KEPT.toDays() + " days stay",
                    "Name a time before " + latest.truncatedTo(ChronoUnit.SECONDS) + ".");
        }
        long last = database.read(
                handle -> handle.createQuery("select coalesce(max(id), 0) from audit where time < :before")
                        .bind("before", Column.millis(before))
                        .mapTo(Long.class)
                        .one());
        if (last == 0) {
            return 0;
        }
        AuditVerification found = verify(last);
        if (found.firstBroken() != null) {
            throw QrmException.conflict(
                    PRUNE,
                    "entry " + found.firstBroken(),
                    found.reason(),
                    "Keep the log as it is, and find out who has changed it.");
        }
        return forget(last);
    }

    /** A few at a time, so that nobody who appends one waits for it; the head says at each moment what has gone. */
    private long forget(long last) {
        long first = database.read(AuditService::pruned).id;
        for (long done = first; done < last; done = Math.min(done + BATCH, last)) {
            long end = Math.min(done + BATCH, last);
            database.change(change -> {
                Handle handle = change.handle();
                handle.execute(
                        "update audit_head set pruned_id = ?, pruned_hash = (select hash from audit where id = ?)",
                        end,
                        end);
                handle.execute("delete from audit where id <= ?", end);
                if (end == last) {
                    change.event(
                            Priority.WARNING,
                            "audit.pruned",
                            "audit",
                            "Entries " + (first + 1) + " to " + last
                                    + " of the audit log were forgotten; the last one had the hash "
                                    + pruned(handle).hash,
                            null);
                }
                return null;
            });
        }
        return last - first;
    }

    private List<Row> batch(long after, long upTo) {
        return database.read(handle -> handle.createQuery("select * from audit where id > :after and id <= :upTo"
                        + " order by id fetch first " + BATCH + " rows only")
                .bind("after", after)
                .bind("upTo", upTo)
                .map(ROW)
                .list());
    }

    /** Null when the row follows the one before. */
    private static String wrong(Row row, Head before) {
        AuditEntry entry = row.entry;
        if (entry.id() != before.id + 1) {
            return "it is missing; the next is " + entry.id();
        }
        if (!row.previous.equals(before.hash)) {
            return "it does not follow the one before";
        }
        String hash = AuditChain.hash(
                before.hash,
                entry.id(),
                entry.time(),
                entry.user(),
                entry.origin(),
                entry.action(),
                entry.details(),
                entry.result());
        return hash.equals(entry.hash()) ? null : "its content was changed";
    }

    /** The last that was forgotten. */
    private static Head pruned(Handle handle) {
        return handle.createQuery("select pruned_id, pruned_hash from audit_head")
                .map((row, context) -> new Head(row.getLong("pruned_id"), row.getString("pruned_hash")))
                .one();
    }

    private static Head head(Handle handle) {
        return handle.createQuery("select last_id, hash from audit_head")
                .map((row, context) -> new Head(row.getLong("last_id"), row.getString("hash")))
                .one();
    }

    private static QrmException unwritable(String consequence, RuntimeException cause) {
        return new QrmException(
                new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "write the audit log",
                        "",
                        "the database does not take it; " + consequence,
                        "Look into the server's log, and see that the database is up and has room."),
                cause);
    }
}
