package org.qrm.commands.noun;

import java.time.Instant;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.commands.About;

/** An event as it is answered, in lists and in the stream. */
public record EventView(
        @About("its number, ascending") long id,
        @About("when") Instant time,
        @About("how much it matters") Priority priority,
        @About("the part that says so: core, or a plug-in") String source,
        @About("what sort: resource.state") String type,
        @About("on what: resource/17; may be empty") String subject,
        @About("for people") String description,

        @About(value = "number of the resource concerned", optional = true)
        Long resource,

        @About("whether an operator has seen it") boolean acknowledged,
        @About("whether the problem is over") boolean resolved) {

    public static EventView of(Event event) {
        return new EventView(
                event.id(),
                event.time(),
                event.priority(),
                event.source(),
                event.type(),
                event.subject(),
                event.description(),
                event.resource(),
                event.acknowledged(),
                event.resolved());
    }
}
