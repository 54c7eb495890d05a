package org.qrm.api.subscription;

/**
 * A receiver outside that is told of events.
 *
 * @param spec what is wanted
 * @param hasSecret whether a secret is set: what is sent is signed with it, or it is the password at the mail server
 * @param delivery how far it has come
 */
public record Subscription(SubscriptionSpec spec, boolean hasSecret, Delivery delivery) {

    public String name() {
        return spec.name();
    }
}
