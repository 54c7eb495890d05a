package org.qrm.rest.internal.fake;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.api.subscription.Delivery;
import org.qrm.api.subscription.Subscription;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.api.subscription.Subscriptions;
import org.qrm.api.subscription.TestDelivery;

/** Subscriptions in a map; a test is refused by a receiver whose target says so. */
public final class FakeSubscriptions implements Subscriptions {

    private final Map<String, Subscription> all = new TreeMap<>();
    private final Map<String, String> secrets = new TreeMap<>();

    @Override
    public List<Subscription> list() {
        return List.copyOf(all.values());
    }

    @Override
    public Optional<Subscription> find(String name) {
        return Optional.ofNullable(all.get(name));
    }

    @Override
    public Subscription create(SubscriptionSpec spec, String secret) {
        if (all.containsKey(spec.name())) {
            throw QrmException.conflict("create subscription", spec.name(), "the name is taken", "");
        }
        return put(spec, secret);
    }

    @Override
    public Subscription update(SubscriptionSpec spec, Expected<Subscription> expected) {
        expected.check(all.get(spec.name()));
        return put(spec, secrets.get(spec.name()));
    }

    @Override
    public Subscription setSecret(String name, String secret) {
        return put(all.get(name).spec(), secret);
    }

    private Subscription put(SubscriptionSpec spec, String secret) {
        secrets.put(spec.name(), secret);
        Subscription made = new Subscription(spec, secret != null, new Delivery(null, null, 2, 0, 0, 0, "", null));
        all.put(spec.name(), made);
        return made;
    }

    /** What it is signed with. */
    public String secret(String name) {
        return secrets.get(name);
    }

    @Override
    public void delete(String name, Expected<Subscription> expected) {
        expected.check(all.get(name));
        all.remove(name);
    }

    @Override
    public TestDelivery test(String name) {
        return all.get(name).spec().target().endsWith("/refuses")
                ? new TestDelivery(false, 403, Duration.ofMillis(7), "it answered 403")
                : new TestDelivery(true, 204, Duration.ofMillis(7), "");
    }
}
