package org.qrm.api.audit;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/** The audit log: one entry for each change that somebody asks for, chained by hashes, never changed. Old ones go only when somebody says so. */
@ProviderType
public interface AuditLog {

    /**
     * To be called before a change, which must not be made when this fails.
     *
     * @throws org.qrm.api.QrmException UNAVAILABLE while nothing can be written
     */
    void requireWritable();

    /**
     * Adds an entry; durable when this returns. Texts that are too long are cut, control characters replaced.
     *
     * @throws org.qrm.api.QrmException UNAVAILABLE when it cannot be written
     */
    AuditEntry append(String user, String origin, String action, String details, String result);

    /** Newest first. */
    default Page<AuditEntry> list(Filter<AuditField> filter, PageRequest page) {
        return list(filter, Sort.from(AuditField.ID), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<AuditEntry> list(Filter<AuditField> filter, Sort<AuditField> sort, PageRequest page);

    /** Computes all hashes anew: some seconds for 100,000 entries. */
    AuditVerification verify();

    /**
     * Forgets entries from the first on. What is left hangs on the hash of the last one that went, which an event tells.
     *
     * @param before those that were written before this; at least 30 days ago
     * @return how many went
     * @throws org.qrm.api.QrmException INVALID for a later time; CONFLICT when one of them is not as it was written
     */
    long prune(Instant before);
}
