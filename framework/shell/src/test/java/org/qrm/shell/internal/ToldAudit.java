package org.qrm.shell.internal;

import java.time.Instant;
import java.util.ArrayList;
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

/** Remembers what it is told, as long as it is not full. */
final class ToldAudit implements AuditLog {

    final List<String> told = new ArrayList<>();
    boolean full;

    @Override
    public void requireWritable() {
        if (full) {
            throw new QrmException(new Problem(Problem.Kind.UNAVAILABLE, "write the audit log", "", "it is full", ""));
        }
    }

    @Override
    public AuditEntry append(String user, String origin, String action, String details, String result) {
        told.add(String.join("|", user, origin, action, details, result));
        return new AuditEntry(told.size(), Instant.EPOCH, user, origin, action, details, result, "");
    }

    @Override
    public Page<AuditEntry> list(Filter<AuditField> filter, Sort<AuditField> sort, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long prune(Instant before) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AuditVerification verify() {
        return new AuditVerification(2, 3L, "its content was changed");
    }
}
