package org.qrm.api.event;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened.
 *
 * @param id ascending
 * @param time when
 * @param priority how much it matters
 * @param source the part that says so: {@code core}, a plug-in's id
 * @param type what sort, for programs: {@code resource.state}, {@code token.reused}
 * @param subject on what: {@code resource/17}, {@code virtual-environment/web1}; may be empty
 * @param description for people; holds no secret
 * @param resource id of the resource concerned, or null
 * @param acknowledged whether an operator has seen it
 * @param resolved whether the problem is over
 */
public record Event(
        long id,
        Instant time,
        Priority priority,
        String source,
        String type,
        String subject,
        String description,
        Long resource,
        boolean acknowledged,
        boolean resolved) {
    public Event {
        Objects.requireNonNull(time);
        Objects.requireNonNull(priority);
        Objects.requireNonNull(source);
        Objects.requireNonNull(type);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(description);
    }
}
