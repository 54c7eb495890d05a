package org.qrm.plugin.webhookpower.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.qrm.api.resource.Resource;

/** JSON: of services that are not trusted to write it well, and of bodies with placeholders in their strings. */
final class JsonText {

    private static final int DEEPEST = 64;
    private static final int MOST_TOKENS = 100_000;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonText() {}

    /** @throws IOException when it is none, or a monstrous one */
    static JsonNode read(byte[] octets) throws IOException {
        JsonNode node = MAPPER.readTree(octets);
        if (node == null || node.isMissingNode()) {
            throw new IOException("no JSON");
        }
        return node;
    }

    /** What is wrong with a body. */
    static Optional<String> wrong(String body) {
        try {
            return unknown(MAPPER.readTree(body))
                    .map(unknown ->
                            "it has " + unknown + ", which stands for nothing; there are " + Placeholders.known());
        } catch (IOException none) {
            return Optional.of("it is no JSON");
        }
    }

    /** In its strings: an object with nothing in it has such braces, too. */
    private static Optional<String> unknown(JsonNode node) {
        if (node.isTextual()) {
            return Placeholders.unknown(node.textValue());
        }
        for (JsonNode each : node) {
            Optional<String> found = unknown(each);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** A body for a machine: values are put into its strings when it is read already, so they cannot end one. */
    static String fill(String body, Resource resource) {
        try {
            return filled(MAPPER.readTree(body), text -> Placeholders.fill(text, resource, UnaryOperator.identity()))
                    .toString();
        } catch (IOException none) {
            throw new IllegalStateException("not checked before", none);
        }
    }

    private static JsonNode filled(JsonNode node, UnaryOperator<String> fill) {
        if (node.isTextual()) {
            return TextNode.valueOf(fill.apply(node.textValue()));
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, filled(array.get(i), fill));
            }
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> member.setValue(filled(member.getValue(), fill)));
        }
        return node;
    }
}
