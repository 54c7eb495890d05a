package org.qrm.commands.noun;

import java.time.Instant;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.Delivery;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.Subscription;
import org.qrm.commands.About;
import org.qrm.commands.Restless;

/** A subscription as it is answered. */
record SubscriptionView(
        @About("its name, unique, never changed") String name,
        @About("URL that events are sent to") String target,
        @About("only events of this priority or above") Priority atLeast,

        @About(value = "only events whose type begins so: resource.", optional = true)
        String type,

        @About(value = "only events from this part", optional = true)
        String source,

        @About(value = "only events on this: resource/17", optional = true)
        String subject,

        @About("whether events are sent; else they wait in the log")
        boolean enabled,

        @About("whether what is sent is signed with a secret")
        boolean signed,

        @About("how it stands") State state,

        @About(value = "number of the event that the receiver took last", optional = true)
        Long lastEvent,

        @About(value = "when the receiver took it", optional = true)
        Instant lastTime,

        @About("how many events it has still to be sent") long behind,

        @About("how many events the log had to forget before they could be sent")
        long lost,

        @About("attempts that failed since the receiver last took an event")
        int attempts,

        @About("why the last of them failed, may be empty") String failure,

        @About(value = "when it is tried again", optional = true)
        Instant nextAttempt)
        implements Restless {

    enum State {
        ACTIVE,
        FAILING,
        DISABLED
    }

    static SubscriptionView of(Subscription subscription) {
        EventFilter filter = subscription.spec().filter();
        Delivery delivery = subscription.delivery();
        return new SubscriptionView(
                subscription.name(),
                subscription.spec().target(),
                filter.atLeast(),
                given(filter.type()),
                given(filter.source()),
                given(filter.subject()),
                subscription.spec().enabled(),
                subscription.signed(),
                state(subscription),
                delivery.event(),
                delivery.time(),
                delivery.behind(),
                delivery.lost(),
                delivery.attempts(),
                delivery.failure(),
                delivery.nextAttempt());
    }

    private static State state(Subscription subscription) {
        if (!subscription.spec().enabled()) {
            return State.DISABLED;
        }
        return subscription.delivery().attempts() > 0 ? State.FAILING : State.ACTIVE;
    }

    private static String given(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public Object calm() {
        return new SubscriptionView(
                name, target, atLeast, type, source, subject, enabled, signed, null, null, null, 0, 0, 0, "", null);
    }
}
