package org.qrm.api.subscription;

/**
 * A receiver outside that is told of events.
 *
 * @param spec what is wanted
 * @param signed whether what is sent is signed with a secret
 * @param delivery how far it has come
 */
public record Subscription(SubscriptionSpec spec, boolean signed, Delivery delivery) {

    public String name() {
        return spec.name();
    }
}
