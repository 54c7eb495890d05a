package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The light by which a machine is found: {@code LocationIndicatorActive}, or {@code IndicatorLED} of older services. */
final class Locator {

    private static final String ACTIVE = "LocationIndicatorActive";
    private static final String LED = "IndicatorLED";

    private Locator() {}

    static void set(Conversation talk, ComputerSystem system, boolean lit) {
        JsonNode told = system.answer().json();
        ObjectNode body = Json.empty();
        if (told.has(ACTIVE)) {
            body.put(ACTIVE, lit);
        } else if (told.has(LED)) {
            body.put(LED, lit ? "Blinking" : "Off");
        } else {
            throw talk.fault().odd("the service tells of no light of this machine (" + ACTIVE + ", " + LED + ")");
        }
        Answer answer = Patch.change(talk, system.answer(), body);
        if (!answer.isGood()) {
            throw talk.fault().refused(answer);
        }
    }
}
