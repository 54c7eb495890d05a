package org.qrm.api.audit;

import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;

/** The audit log: one entry for each change that somebody asks for, chained by hashes, never changed, never forgotten. */
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
    Page<AuditEntry> list(AuditFilter filter, PageRequest page);

    /** Computes all hashes anew: some seconds for 100,000 entries. */
    AuditVerification verify();
}
