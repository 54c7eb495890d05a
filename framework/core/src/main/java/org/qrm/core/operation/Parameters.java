package org.qrm.core.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * What an operation was asked for, as it stands in its row: the record of its kind in JSON. QRM 0.1.0 wrote all as texts, and
 * lists of numbers as texts with commas; that is read, too.
 */
final class Parameters {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Parameters() {}

    static String write(Record parameters) {
        try {
            return MAPPER.writeValueAsString(parameters);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    static <P extends Record> P read(String text, Class<P> kind) {
        try {
            ObjectNode tree = (ObjectNode) MAPPER.readTree(text);
            for (RecordComponent component : kind.getRecordComponents()) {
                if (component.getType() == List.class
                        && tree.path(component.getName()).isTextual()) {
                    tree.set(
                            component.getName(),
                            list(tree.path(component.getName()).asText()));
                }
            }
            return MAPPER.treeToValue(tree, kind);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("the row of an operation holds what this program did not write", broken);
        }
    }

    private static ArrayNode list(String text) {
        ArrayNode list = MAPPER.createArrayNode();
        for (String item : text.isEmpty() ? new String[0] : text.split(",")) {
            list.add(item);
        }
        return list;
    }
}
