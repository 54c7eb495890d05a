package org.qrm.api.subscription;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;

/**
 * Receivers outside that are told of events. Each is sent, one after the other and in the order of the log, all events that
 * its filter lets through, from its creation on: as CloudEvents 1.0 in JSON, by HTTP POST, signed as Standard Webhooks
 * say. An event counts as taken when the answer is 2xx; until then it is sent again, after pauses that grow from 1 s to
 * 10 min. So a receiver may get an event more than once, with the same id. One that is refused again and again by a receiver that takes
 * others is passed over.
 *
 * <p>A target is an {@code https} URL, or an {@code http} URL of this host's loopback address, of 2000 characters at most and
 * without credentials. A secret is {@code whsec_} and 24 to 64 bytes in base64.
 *
 * <p>Mail is sent to a target {@code smtp://host} (STARTTLS, port 587; to the loopback address without TLS, port 25) or {@code smtps://host}
 * (TLS, port 465): what happened within a short time in one mail. The secret is the password then, 1 to 200 characters.
 */
@ProviderType
public interface Subscriptions {

    /** All, in the order of their names. */
    List<Subscription> list();

    /** The one of that name; a name that could be none is found nowhere. */
    Optional<Subscription> find(String name);

    /**
     * Makes one.
     *
     * @param secret to sign with, or the password; null for none
     * @throws org.qrm.api.QrmException INVALID; CONFLICT when the name is taken; REFUSED when there are too many
     */
    Subscription create(SubscriptionSpec spec, String secret);

    /**
     * Changes all but the name and the secret; a receiver that failed is tried again at once. A password is forgotten when it would be told
     * to another mail server, or be another user's.
     *
     * @throws org.qrm.api.QrmException INVALID; NOT_FOUND
     */
    Subscription update(SubscriptionSpec spec, Expected<Subscription> expected);

    /**
     * Sets what is signed with, or the password; it is in no answer.
     *
     * @param secret null for none
     * @throws org.qrm.api.QrmException INVALID; NOT_FOUND
     */
    Subscription setSecret(String name, String secret);

    /**
     * Forgets one.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND
     */
    void delete(String name, Expected<Subscription> expected);

    /**
     * Sends an event of type {@code subscription.test} now, enabled or not, and waits for what the receiver says, 40 s at
     * most. Nothing else is changed by it.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND
     */
    TestDelivery test(String name);
}
