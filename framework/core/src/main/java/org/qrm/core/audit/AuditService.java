package org.qrm.core.audit;

import java.time.Clock;
import java.time.Instant;
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
import org.qrm.core.store.Column;
import org.qrm.core.store.Database;
import org.qrm.core.store.Listing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit log over its table. The row of the head orders all who append, on whatever server. */
public final class AuditService implements AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditService.class);
    private static final int BATCH = 1000;

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
        Head head = database.read(AuditService::head);
        Head last = new Head(0, AuditChain.START);
        while (last.id < head.id) {
            List<Row> rows = batch(last.id, head.id);
            for (Row row : rows) {
                String wrong = wrong(row, last);
                if (wrong != null) {
                    return new AuditVerification(last.id, last.id + 1, wrong);
                }
                last = new Head(row.entry.id(), row.entry.hash());
            }
            if (rows.isEmpty()) {
                return new AuditVerification(last.id, last.id + 1, "it is missing, and all after it");
            }
        }
        return last.hash.equals(head.hash)
                ? new AuditVerification(last.id, null, "")
                : new AuditVerification(last.id, last.id, "it is not the one that was written last");
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
