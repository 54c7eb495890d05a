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
        boolean logged = event.id() != 0;
        String number = logged ? String.valueOf(event.id()) : "test-" + UUID.randomUUID();
        Map<String, Object> data = new LinkedHashMap<>();
        if (logged) {
            data.put("id", event.id());
        }
        data.put("time", event.time().toString());
        data.put("priority", word(event.priority()));
        data.put("source", event.source());
        data.put("type", event.type());
        data.put("subject", event.subject());
        data.put("description", event.description());
        data.put("resource", event.resource());
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("specversion", "1.0");
        whole.put("id", number);
        whole.put("source", "urn:uuid:" + origin);
        whole.put("type", TYPES + event.type());
        whole.put("time", event.time().toString());
        if (!event.subject().isEmpty()) {
            whole.put("subject", event.subject());
        }
        whole.put("datacontenttype", "application/json");
        whole.put("data", data);
        return new CloudEvent(origin + "-" + number, Json.write(whole).getBytes(StandardCharsets.UTF_8));
    }

    private static String word(Priority priority) {
        return priority.name().toLowerCase(Locale.ROOT);
    }
}
