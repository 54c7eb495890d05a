package org.qrm.plugin.webhookpower.internal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.qrm.api.power.PowerState;

/**
 * How an answer is understood.
 *
 * @param pointer where the state is in JSON (RFC 6901); empty: {@code on} and {@code off} are regular expressions, looked for in
 *     the whole answer
 */
record Meaning(String pointer, String on, String off) {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    /**
     * What was understood.
     *
     * @param state UNKNOWN when it was not
     * @param said for people: what the answer had where the state was looked for, or why nothing was found; untrusted
     */
    record Understood(PowerState state, String said) {}

    Understood of(byte[] answer) {
        return pointer.isEmpty() ? search(new String(answer, StandardCharsets.UTF_8)) : look(answer);
    }

    private Understood look(byte[] answer) {
        JsonNode at;
        try {
            at = JsonText.read(answer).at(JsonPointer.compile(pointer));
        } catch (IOException none) {
            return unknown("it answers no JSON");
        }
        if (!at.isValueNode()) {
            return unknown("its answer has no value at " + pointer);
        }
        String value = at.asText();
        return understood(value.equals(on), value.equals(off), "its answer has at " + pointer + ": " + value);
    }

    private Understood search(String answer) {
        try {
            return understood(
                    BoundedText.has(answer, Pattern.compile(on), LIMIT),
                    BoundedText.has(answer, Pattern.compile(off), LIMIT),
                    "it answers: " + answer.strip());
        } catch (BoundedText.TooLong tooLong) {
            return unknown("saysOn and saysOff take too long to be looked for in its answer");
        }
    }

    private static Understood understood(boolean isOn, boolean isOff, String said) {
        if (isOn == isOff) {
            return unknown((isOn ? "both saysOn and saysOff fit: " : "neither saysOn nor saysOff fits: ") + said);
        }
        return new Understood(isOn ? PowerState.ON : PowerState.OFF, said);
    }

    private static Understood unknown(String said) {
        return new Understood(PowerState.UNKNOWN, said);
    }
}
