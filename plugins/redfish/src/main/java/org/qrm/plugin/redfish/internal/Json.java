package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** JSON of services that are not trusted to write it well. */
final class Json {

    private static final int DEEPEST = 64;
    private static final int MOST_TOKENS = 100_000;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxTokenCount(MOST_TOKENS)
                    .build())
            .build());

    private Json() {}

    /** @throws IOException when it is no object, or a monstrous one */
    static JsonNode object(byte[] octets) throws IOException {
        JsonNode node = MAPPER.readTree(octets);
        if (node == null || !node.isObject()) {
            throw new IOException("no JSON object");
        }
        return node;
    }

    static ObjectNode empty() {
        return MAPPER.createObjectNode();
    }

    /** A text in nested objects; empty when there is none, or something else in its place. */
    static String text(JsonNode node, String... names) {
        JsonNode at = node;
        for (String name : names) {
            at = at.path(name);
        }
        return at.isTextual() ? at.textValue() : "";
    }
}
