package org.qrm.api.subscription;

import java.util.Objects;

/**
 * What is wanted of a subscription.
 *
 * @param name 1 to 63 letters, digits, {@code . _ -}
 * @param target URL that events are sent to, see {@link Subscriptions}
 * @param mail from whom and to whom, if the target is a mail server; else null
 * @param filter which events
 * @param enabled whether they are sent; while they are not, they wait in the log
 */
public record SubscriptionSpec(String name, String target, MailAddresses mail, EventFilter filter, boolean enabled) {

    public SubscriptionSpec {
        Objects.requireNonNull(name);
        Objects.requireNonNull(target);
        Objects.requireNonNull(filter);
    }

    /** One whose receiver is a program: a webhook. */
    public SubscriptionSpec(String name, String target, EventFilter filter, boolean enabled) {
        this(name, target, null, filter, enabled);
    }
}
