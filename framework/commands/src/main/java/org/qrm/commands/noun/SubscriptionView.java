package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.Delivery;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.MailAddresses;
import org.qrm.api.subscription.Subscription;
import org.qrm.commands.About;
import org.qrm.commands.Restless;

/** A subscription as it is answered. */
record SubscriptionView(
        @About("its name, unique, never changed") String name,
        @About("URL that events are sent to") String target,

        @About(value = "of mail, the user at the mail server", optional = true)
        String login,

        @About(value = "of mail, from whom", optional = true)
        String sender,

        @About("of mail, to whom") List<String> recipients,
        @About("only events of this priority or above") Priority atLeast,

        @About(value = "only events whose type begins so: resource.", optional = true)
        String type,

        @About(value = "only events from this part", optional = true)
        String source,

        @About(value = "only events on this: resource/17", optional = true)
        String subject,

        @About("whether events are sent; else they wait in the log")
        boolean enabled,

        @About("whether a secret is set: what is sent is signed with it; of mail it is the password")
        boolean hasSecret,

        @About("how it stands") State state,

        @About(value = "number of the event that the receiver took last", optional = true)
        Long lastEvent,

        @About(value = "when the receiver took it", optional = true)
        Instant lastTime,

        @About("how many events it has still to be sent") long behind,

        @About("how many events the log had to forget before they could be sent")
        long lost,

        @About("how many events the receiver would not take although it took others, so that they were passed over")
        long refused,

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
        MailAddresses mail = subscription.spec().mail();
        return new SubscriptionView(
                subscription.name(),
                subscription.spec().target(),
                mail == null ? null : given(mail.login()),
                mail == null ? null : mail.sender(),
                mail == null ? List.of() : mail.recipients(),
                filter.atLeast(),
                given(filter.type()),
                given(filter.source()),
                given(filter.subject()),
                subscription.spec().enabled(),
                subscription.hasSecret(),
                state(subscription),
                delivery.event(),
                delivery.time(),
                delivery.behind(),
                delivery.lost(),
                delivery.refused(),
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
                name,
                target,
                login,
                sender,
                recipients,
                atLeast,
                type,
                source,
                subject,
                enabled,
                hasSecret,
                null,
                null,
                null,
                0,
                0,
                0,
                0,
                "",
                null);
    }
}
