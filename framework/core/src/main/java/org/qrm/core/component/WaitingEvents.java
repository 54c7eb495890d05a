package org.qrm.core.component;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.qrm.api.metric.Metrics;
import org.qrm.core.event.EventDispatch;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.qrm.core.subscription.SubscriptionService;

/** Events that wait: for whoever listens, and for the end of what they tell of. */
final class WaitingEvents {

    /** How old an answer may be that needs the whole log. */
    private static final long FRESH_MILLIS = 15_000;

    private WaitingEvents() {}

    static void declare(Metrics metrics, Database database, EventDispatch dispatch, InstantSource clock) {
        metrics.gauges(
                "qrm_open_events",
                "Warnings and worse that are not resolved, by type; at most 15 s old.",
                "type",
                new Kept(() -> database.glance(EventRows::countOpen), clock));
        metrics.gauges(
                "qrm_event_listener_waiting_events",
                "Events that a listener of a plug-in has not heard yet.",
                "listener",
                dispatch::waiting);
        metrics.gauges(
                "qrm_subscription_waiting_events",
                "Events that have not been looked at for a subscription yet.",
                "subscription",
                () -> database.read(SubscriptionService::waiting));
    }

    private static final class Kept implements Supplier<Map<String, Long>> {
        private final Supplier<Map<String, Long>> source;
        private final InstantSource clock;
        private Map<String, Long> answer = Map.of();
        private long until;

        Kept(Supplier<Map<String, Long>> source, InstantSource clock) {
            this.source = source;
            this.clock = clock;
        }

        @Override
        public synchronized Map<String, Long> get() {
            long now = clock.millis();
            if (now >= until || until - now > FRESH_MILLIS) {
                answer = source.get();
                until = now + FRESH_MILLIS;
            }
            return answer;
        }
    }
}
