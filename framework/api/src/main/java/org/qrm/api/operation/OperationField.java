package org.qrm.api.operation;

import java.time.Instant;
import org.qrm.api.ListField;

/** What operations can be narrowed and sorted by. States stand in the order of their names. */
public enum OperationField implements ListField {
    ID(Use.sorts()),
    STATE(Use.both(OperationState.class, "only in this state")),
    KIND(Use.both(String.class, "only of this kind: virtual-environment.start")),
    SUBJECT(Use.both(String.class, "only on this: virtual-environment/web1")),
    PART_OF(Use.narrows(Long.class, "only parts of this operation on many things")),
    WHOLE(Use.narrows(Boolean.class, "only those that are no part of another, or only those that are")),
    FROM(Use.narrows(Instant.class, "only asked for at this time or later: 2026-01-31T12:00:00Z")),
    TO(Use.narrows(Instant.class, "only asked for before this time: 2026-02-01T00:00:00Z")),
    TEXT(Use.narrows(String.class, "only with this in kind, subject or reason"));

    private final Use use;

    OperationField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
