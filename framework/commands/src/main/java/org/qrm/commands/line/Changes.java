package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What changed in a list since it was looked at last, a line for each: {@code now}, {@code new}, {@code changed}, {@code gone}. */
final class Changes {

    private final Screen screen;
    private final List<Screen.Column> columns;
    private final Map<String, List<String>> known = new LinkedHashMap<>();
    private final Map<String, JsonNode> items = new LinkedHashMap<>();
    private boolean begun;

    Changes(Screen screen, List<Screen.Column> columns) {
        this.screen = screen;
        this.columns = columns;
    }

    /** The whole list as it is at a terminal; elsewhere what is another than before. */
    void watched(JsonNode list) {
        if (screen.redraws()) {
            screen.redraw(drawn -> drawn.list(list, columns));
            return;
        }
        begin(true);
        Set<String> there = new HashSet<>();
        for (JsonNode item : list.path("items")) {
            String key = key(item);
            there.add(key);
            List<String> cells = screen.cells(item, columns);
            List<String> before = known.put(key, cells);
            items.put(key, item);
            if (before == null) {
                tell(begun ? "new" : "now", item, cells);
            } else if (!before.equals(cells)) {
                tell("changed", item, cells);
            }
        }
        for (String key : List.copyOf(known.keySet())) {
            if (!there.contains(key)) {
                tell("gone", items.remove(key), known.remove(key));
            }
        }
        begun = true;
    }

    /** What is new, or in another state, of a list whose newest item stands first. */
    void followed(JsonNode list) {
        begin(false);
        List<JsonNode> oldestFirst = new ArrayList<>();
        list.path("items").forEach(oldestFirst::add);
        Collections.reverse(oldestFirst);
        for (JsonNode item : oldestFirst) {
            List<String> state = List.of(item.path("state").asText());
            if (!state.equals(known.put(key(item), state))) {
                screen.line(null, item, screen.cells(item, columns));
            }
        }
        begun = true;
    }

    private void begin(boolean marked) {
        if (!begun) {
            screen.titles(marked ? "CHANGE" : null, columns);
        }
    }

    private void tell(String change, JsonNode item, List<String> cells) {
        if (screen.json()) {
            ObjectNode told = Verb.JSON.createObjectNode().put("change", change);
            screen.line(told.set("item", item));
        } else {
            screen.line(change, item, cells);
        }
    }

    private static String key(JsonNode item) {
        return (item.has("id") ? item.path("id") : item.path("name")).asText();
    }
}
