package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;

/** Changes a resource of a service. */
final class Patch {

    private static final int PRECONDITION_FAILED = 412;

    private Patch() {}

    /** Services may want If-Match, with the tag as they gave it, or as a strong one. */
    static Answer change(Conversation talk, Answer resource, JsonNode body) {
        URI place = resource.place();
        Answer first = talk.patch(place, body, resource.etag());
        if (first.status() != PRECONDITION_FAILED) {
            return first;
        }
        String fresh = talk.get(place).etag();
        Answer second = talk.patch(place, body, fresh);
        if (second.status() != PRECONDITION_FAILED || !fresh.startsWith("W/")) {
            return second;
        }
        return talk.patch(place, body, fresh.substring("W/".length()));
    }
}
