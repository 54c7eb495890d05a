package org.qrm.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** {@code ?fields=}: answers that have the fields that were asked for, and no others. */
public final class FieldSelection {

    private FieldSelection() {}

    /**
     * The names that were asked for; empty for all.
     *
     * @throws QrmException INVALID for a field that the answer never has
     */
    public static Set<String> of(Call call) {
        String given = call.queryIfKnown(Route.FIELDS);
        if (given == null) {
            return Set.of();
        }
        Set<String> known = new LinkedHashSet<>();
        for (RecordComponent component : call.route().answers().get(200).type().getRecordComponents()) {
            known.add(component.getName());
        }
        Set<String> wanted = new LinkedHashSet<>(Arrays.asList(given.split(",", -1)));
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw QrmException.invalid(
                        "read query parameter fields",
                        Name.printable(name),
                        "there is no such field",
                        "Fields are: " + String.join(", ", known) + ".");
            }
        }
        return wanted;
    }

    /** The answer with those fields only; in a list, of each item. */
    public static Object select(Object body, Set<String> fields) {
        if (fields.isEmpty()) {
            return body;
        }
        JsonNode tree = Json.tree(body);
        if (body instanceof Items<?>) {
            tree.path("items").forEach(item -> ((ObjectNode) item).retain(fields));
        } else {
            ((ObjectNode) tree).retain(fields);
        }
        return tree;
    }
}
