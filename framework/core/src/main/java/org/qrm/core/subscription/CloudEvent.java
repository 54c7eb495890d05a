package org.qrm.core.subscription;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Json;

/**
 * An event as CloudEvents 1.0 in JSON (structured mode).
 *
 * @param id the same whenever it is sent, and of no other event
 */
record CloudEvent(String id, byte[] body) {

    static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";

    private static final String TYPES = "org.qrm.";

    /** @param origin tells the events of this log from those of others */
    static CloudEvent of(String origin, Event event) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", event.id());
        data.put("time", event.time().toString());
        data.put("priority", word(event.priority()));
        data.put("source", event.source());
        data.put("type", event.type());
        data.put("subject", event.subject());
        data.put("description", event.description());
        data.put("resource", event.resource());
        return of(origin, String.valueOf(event.id()), event.type(), event.time().toString(), event.subject(), data);
    }

    /** One that is in no log. */
    static CloudEvent test(String origin, String time, String subscription) {
        return of(
                origin,
                "test-" + UUID.randomUUID(),
                "subscription.test",
                time,
                SubscriptionRows.subject(subscription),
                Map.of("description", "This is a test of subscription " + subscription + "; nothing has happened."));
    }

    private static CloudEvent of(
            String origin, String number, String type, String time, String subject, Map<String, Object> data) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", number);
        event.put("source", "urn:uuid:" + origin);
        event.put("type", TYPES + type);
        event.put("time", time);
        if (!subject.isEmpty()) {
            event.put("subject", subject);
        }
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        return new CloudEvent(origin + "-" + number, Json.write(event).getBytes(StandardCharsets.UTF_8));
    }

    private static String word(Priority priority) {
        return priority.name().toLowerCase(Locale.ROOT);
    }
}
