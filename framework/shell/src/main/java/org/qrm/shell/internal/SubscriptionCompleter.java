package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.subscription.Subscription;
import org.qrm.api.subscription.Subscriptions;

/** Names of subscriptions. */
@Service
public final class SubscriptionCompleter extends KnownNames {

    @Reference(optional = true)
    Subscriptions subscriptions;

    @Override
    boolean isThere() {
        return subscriptions != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return subscriptions.list().stream().map(Subscription::name);
    }
}
