package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

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

    /**
     * What happens from now on.
     *
     * @param tell hears sentences for people: that it was lost, and is there again
     */
    Happenings happenings(Consumer<String> tell);

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
        return pages(path, filters, 1000, last -> true);
    }

    /** The first items of a list. */
    default JsonNode page(String path, Map<String, String> filters, int limit) {
        return get(path + query(filters, limit, null));
    }

    /**
     * The items of a list whose newest stands first, down to the one that is known.
     *
     * @param limit items of a page
     * @param known number of the newest that was there before; negative for none, and one page
     */
    default ObjectNode since(String path, Map<String, String> filters, int limit, long known) {
        return pages(path, filters, limit, last -> known >= 0 && last.path("id").asLong() > known + 1);
    }

    /** Pages as one answer, as long as the last item of a page wants more. */
    private ObjectNode pages(String path, Map<String, String> filters, int limit, Predicate<JsonNode> more) {
        ObjectNode all = Verb.JSON.createObjectNode();
        ArrayNode items = all.putArray("items");
        String after = null;
        do {
            JsonNode page = get(path + query(filters, limit, after));
            page.path("items").forEach(items::add);
            after = page.path("next").isTextual() ? page.path("next").asText() : null;
        } while (after != null && more.test(items.path(items.size() - 1)));
        all.putNull("next");
        return all;
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
