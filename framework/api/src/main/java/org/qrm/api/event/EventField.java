package org.qrm.api.event;

import java.time.Instant;
import org.qrm.api.ListField;

/** What events can be narrowed and sorted by. */
public enum EventField implements ListField {
    ID(Use.sorts()),
    PRIORITY(Use.sorts()),
    AT_LEAST(Use.narrows(Priority.class, "only of this priority or above")),
    SOURCE(Use.narrows(String.class, "only from this part")),
    TYPE(Use.narrows(String.class, "only of this sort")),
    SUBJECT(Use.both(String.class, "only on this: resource/17")),
    RESOURCE(Use.narrows(Long.class, "only concerning the resource with this number")),
    ACKNOWLEDGED(Use.narrows(Boolean.class, "only those seen, or only those not seen")),
    RESOLVED(Use.narrows(Boolean.class, "only those that are over, or only those that are not")),
    AFTER_ID(Use.narrows(Long.class, "only with greater numbers")),
    FROM(Use.narrows(Instant.class, "only at this time or later: 2026-01-31T12:00:00Z")),
    TO(Use.narrows(Instant.class, "only before this time: 2026-02-01T00:00:00Z")),
    TEXT(Use.narrows(String.class, "only with this in sort, subject or description"));

    private final Use use;

    EventField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
