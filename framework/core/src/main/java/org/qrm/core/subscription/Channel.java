package org.qrm.core.subscription;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.qrm.api.event.Event;
import org.qrm.api.subscription.SubscriptionSpec;

/** How one kind of receiver is sent events. */
interface Channel extends AutoCloseable {

    /** Events in one message, at most. */
    int most();

    /** How long the first event of a message waits for others. */
    Duration gathers();

    /** From one message to the next. */
    Duration rests();

    /**
     * Sends events in one message. What hinders that is an outcome, too; nothing is thrown.
     *
     * @param secret of the subscription, or null
     * @param events at least one; one with number 0 is in no log
     */
    CompletionStage<Outcome> send(SubscriptionSpec to, String secret, List<Event> events);

    /** Ends what is under way. */
    @Override
    void close();
}
