package org.qrm.api.subscription;

import java.util.Objects;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;

/**
 * Which events a subscription is about: those that fit all that is said.
 *
 * @param atLeast of this priority or above
 * @param type how their type begins: {@code resource.}; empty for all
 * @param source the part that says so; empty for all
 * @param subject what they are on; empty for all
 */
public record EventFilter(Priority atLeast, String type, String source, String subject) {

    public EventFilter {
        Objects.requireNonNull(atLeast);
        Objects.requireNonNull(type);
        Objects.requireNonNull(source);
        Objects.requireNonNull(subject);
    }

    /** Whether an event is one of them. */
    public boolean lets(Event event) {
        return event.priority().compareTo(atLeast) >= 0
                && event.type().startsWith(type)
                && (source.isEmpty() || source.equals(event.source()))
                && (subject.isEmpty() || subject.equals(event.subject()));
    }
}
