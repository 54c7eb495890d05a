package org.qrm.rest.internal.fake;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Holds answers against the OpenAPI document: the part of JSON schema that it uses. */
public final class Contract {

    private final JsonNode document;

    public Contract(JsonNode document) {
        this.document = document;
    }

    /** Fails unless the document foresees this answer. */
    public void check(String method, String path, int status, String mediaType, JsonNode body) {
        JsonNode operation = operation(method, path);
        JsonNode response = resolve(operation.path("responses").path(Integer.toString(status)));
        if (response.isMissingNode()) {
            assertTrue(method + " " + path + " does not foresee " + status, status >= 400);
            response = resolve(operation.path("responses").path("default"));
        }
        if (body != null) {
            JsonNode content = response.path("content").path(mediaType);
            assertFalse(method + " " + path + " does not foresee " + mediaType, content.isMissingNode());
            validate(content.path("schema"), body, method + " " + path);
        }
    }

    private JsonNode operation(String method, String path) {
        JsonNode found = null;
        for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
            boolean exact = entry.getKey().equals(path);
            if (exact || found == null && path.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+"))) {
                found = entry.getValue().path(method.toLowerCase(Locale.ROOT));
            }
            if (exact) {
                return found;
            }
        }
        assertTrue("no path for " + path, found != null && !found.isMissingNode());
        return found;
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private void validate(JsonNode unresolved, JsonNode value, String where) {
        JsonNode schema = resolve(unresolved);
        assertFalse(where + ": a reference leads nowhere", schema.isMissingNode());
        if (schema.has("anyOf")) {
            validateAny(schema.path("anyOf"), value, where);
            return;
        }
        if (schema.has("oneOf")) {
            // an object that has all that one of them requires, and nothing that this one does not know
            validateAny(schema.path("oneOf"), value, where);
            return;
        }
        checkType(schema.path("type"), value, where);
        if (schema.has("enum")) {
            boolean listed = false;
            for (JsonNode word : schema.path("enum")) {
                listed |= word.equals(value);
            }
            assertTrue(where + ": " + value + " is not listed", listed);
        }
        if (value.isArray()) {
            value.forEach(item -> validate(schema.path("items"), item, where + "[]"));
        }
        if (value.isObject()) {
            checkFields(schema, value, where);
        }
    }

    private void validateAny(JsonNode choices, JsonNode value, String where) {
        AssertionError last = null;
        for (JsonNode choice : choices) {
            try {
                validate(choice, value, where);
                return;
            } catch (AssertionError e) {
                last = e;
            }
        }
        throw new AssertionError(where + ": nothing fits", last);
    }

    private void checkFields(JsonNode schema, JsonNode value, String where) {
        schema.path("required").forEach(name -> assertTrue(where + " lacks " + name, value.has(name.asText())));
        value.properties().forEach(field -> {
            JsonNode known = schema.path("properties").path(field.getKey());
            JsonNode other = schema.path("additionalProperties");
            if (!known.isMissingNode()) {
                validate(known, field.getValue(), where + "." + field.getKey());
            } else if (other.isObject()) {
                validate(other, field.getValue(), where + "." + field.getKey());
            } else {
                assertFalse(where + " has the unknown field " + field.getKey(), other.isBoolean());
            }
        });
    }

    private static void checkType(JsonNode types, JsonNode value, String where) {
        if (types.isMissingNode()) {
            return;
        }
        boolean fits = false;
        for (JsonNode type : types.isArray() ? types : List.of(types)) {
            fits |= switch (type.asText()) {
                case "object" -> value.isObject();
                case "array" -> value.isArray();
                case "string" -> value.isTextual();
                case "integer" -> value.isIntegralNumber();
                case "number" -> value.isNumber();
                case "boolean" -> value.isBoolean();
                case "null" -> value.isNull();
                default -> throw new AssertionError(where + ": unknown type " + type);
            };
        }
        assertTrue(where + ": " + value + " is not " + types, fits);
    }
}
