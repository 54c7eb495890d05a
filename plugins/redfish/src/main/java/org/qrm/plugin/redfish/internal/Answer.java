package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a service answered to a request.
 *
 * @param request for people: {@code GET /redfish/v1/Systems}
 * @param place where the answer is from
 */
record Answer(String request, URI place, int status, HttpHeaders headers, byte[] body) {

    private static final Pattern FIT_FOR_HEADER = Pattern.compile("[!-~]([ -~]{0,1022}[!-~])?");
    private static final String EXTENDED = "@Message.ExtendedInfo";

    /** Of the registry Base (DSP8011): the same request may succeed later. */
    private static final Set<String> PASSING =
            Set.of("ResourceInStandby", "ResourceInUse", "ServiceTemporarilyUnavailable", "ServiceInUnknownState");

    boolean isGood() {
        return status >= 200 && status < 300;
    }

    boolean isRedirect() {
        return Set.of(301, 302, 303, 307, 308).contains(status);
    }

    /** Whether the same request may be answered otherwise in a while. */
    boolean mayPass() {
        return Set.of(408, 409, 412, 423, 425, 429).contains(status)
                || status >= 500 && status != 501 && status != 505
                || messages().stream().anyMatch(message -> PASSING.contains(lastWord(Json.text(message, "MessageId"))));
    }

    private static String lastWord(String messageId) {
        return messageId.substring(messageId.lastIndexOf('.') + 1);
    }

    /** Empty when there is none that can be sent back. */
    String header(String name) {
        return fit(headers.firstValue(name).orElse(""));
    }

    /** Of the header, else of the resource. */
    String etag() {
        String etag = header("ETag");
        return etag.isEmpty() ? fit(Json.text(json(), "@odata.etag")) : etag;
    }

    private static String fit(String value) {
        return FIT_FOR_HEADER.matcher(value).matches() ? value : "";
    }

    /** Missing when the body is no JSON object. */
    JsonNode json() {
        try {
            return Json.object(body);
        } catch (IOException none) {
            return MissingNode.getInstance();
        }
    }

    /** What it says for people; untrusted. Empty when it says nothing, or not as Redfish has it (an HTML page). */
    String words() {
        List<String> words = new ArrayList<>();
        messages().forEach(message -> {
            String text = Json.text(message, "Message").strip();
            if (!text.isEmpty() && !words.contains(text)) {
                words.add(text);
            }
        });
        return words.isEmpty() ? Json.text(json(), "error", "message").strip() : String.join(" ", words);
    }

    private List<JsonNode> messages() {
        JsonNode json = json();
        List<JsonNode> messages = new ArrayList<>();
        json.path("error").path(EXTENDED).forEach(messages::add);
        json.path(EXTENDED).forEach(messages::add);
        return messages;
    }
}
