package org.qrm.api.event;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears of events, in order, each once while it is registered as an OSGi service. It has a place in the log of its own: a slow one
 * falls behind without holding up anybody, and catches up from the stored log. An event for which it takes longer than 60 s counts as not
 * heard, and it is told the next.
 */
@ConsumerType
public interface EventListener {

    void onEvent(Event event);
}
