package org.qrm.api.audit;

import java.time.Instant;
import org.qrm.api.ListField;

/** What entries of the audit log can be narrowed and sorted by. */
public enum AuditField implements ListField {
    ID(Use.sorts()),
    USER(Use.narrows(String.class, "only what this user asked for")),
    FROM(Use.narrows(Instant.class, "only at this time or later: 2026-01-31T12:00:00Z")),
    TO(Use.narrows(Instant.class, "only before this time: 2026-02-01T00:00:00Z"));

    private final Use use;

    AuditField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
