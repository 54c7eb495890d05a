package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The server, as who types sees it: requests, and answers as JSON trees; problems are {@link Failure}s. */
public interface Far {

    /**
     * Asks.
     *
     * @param path below {@code /api/v1}, encoded, with its query
     * @param body null for none
     * @return missing for an answer without a body
     */
    JsonNode send(String method, String path, JsonNode body);

    /** Sends a file's bytes. */
    JsonNode upload(String path, Path file);

    default JsonNode get(String path) {
        return send("GET", path, null);
    }

    default JsonNode post(String path, JsonNode body) {
        return send("POST", path, body);
    }

    default JsonNode put(String path, JsonNode body) {
        return send("PUT", path, body);
    }

    default JsonNode patch(String path, JsonNode body) {
        return send("PATCH", path, body);
    }

    default JsonNode delete(String path) {
        return send("DELETE", path, null);
    }

    /** All items of a list, page by page, as one answer. */
    default ObjectNode list(String path, Map<String, String> filters) {
        ObjectNode all = Verb.JSON.createObjectNode();
        ArrayNode items = all.putArray("items");
        String after = null;
        do {
            JsonNode page = get(path + query(filters, 1000, after));
            page.path("items").forEach(items::add);
            after = page.path("next").isTextual() ? page.path("next").asText() : null;
        } while (after != null);
        all.putNull("next");
        return all;
    }

    /** The first items of a list. */
    default JsonNode page(String path, Map<String, String> filters, int limit) {
        return get(path + query(filters, limit, null));
    }

    /** One segment of a path, or a value of a query, whatever a person typed. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String query(Map<String, String> filters, int limit, String after) {
        StringBuilder query = new StringBuilder("?limit=" + limit);
        filters.forEach((name, value) -> {
            if (value != null) {
                query.append('&').append(name).append('=').append(encoded(value));
            }
        });
        if (after != null) {
            query.append("&after=").append(encoded(after));
        }
        return query.toString();
    }
}
