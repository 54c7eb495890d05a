package org.qrm.rest.internal.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

/** An audit log in memory. */
public final class FakeAudit implements AuditLog {

    public final List<AuditEntry> entries = Collections.synchronizedList(new ArrayList<>());
    public Filter<AuditField> lastFilter;
    public Sort<AuditField> lastSort;
    public Instant prunedBefore;
    public boolean full;
    public boolean fillsUpNext;

    @Override
    public void requireWritable() {
        if (full) {
            throw new QrmException(new Problem(Problem.Kind.UNAVAILABLE, "write the audit log", "", "it is full", ""));
        }
        full = fillsUpNext;
    }

    @Override
    public AuditEntry append(String user, String origin, String action, String details, String result) {
        if (full) {
            throw new QrmException(
                    new Problem(Problem.Kind.UNAVAILABLE, "write the audit log", "", "it filled up", ""));
        }
        long id = entries.size() + 1L;
        AuditEntry entry = new AuditEntry(id, Instant.EPOCH, user, origin, action, details, result, "h" + id);
        entries.add(entry);
        return entry;
    }

    @Override
    public Page<AuditEntry> list(Filter<AuditField> filter, Sort<AuditField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        return Pages.cut(entries, page);
    }

    @Override
    public long prune(Instant before) {
        prunedBefore = before;
        return 3;
    }

    @Override
    public AuditVerification verify() {
        return new AuditVerification(entries.size(), full ? 7L : null, full ? "its content was changed" : "");
    }
}
