package org.qrm.rest.internal.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qrm.api.command.CommandField;
import org.qrm.commands.About;
import org.qrm.commands.GivenAnswers;
import org.qrm.commands.ResourceRef;
import org.qrm.commands.Words;

/** JSON schemas (2020-12, as OpenAPI 3.1 has it) of the records that are read and written. */
final class Schemas {

    private final Map<String, Object> components = new TreeMap<>();

    /** All records that were referred to, by name. */
    Map<String, Object> components() {
        return components;
    }

    /** What a request carries: optional fields may be left out, unknown ones are refused. */
    Map<String, Object> request(Class<?> type) {
        return type(type, true);
    }

    /** What an answer carries: every field is there, optional ones may be null. */
    Map<String, Object> answer(Class<?> type) {
        return type(type, false);
    }

    Map<String, Object> list(Class<?> item) {
        return list(answer(item));
    }

    static Map<String, Object> list(Map<String, Object> item) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("items", Map.of("type", "array", "items", item));
        properties.put(
                "next",
                Map.of(
                        "type",
                        List.of("string", "null"),
                        "description",
                        "cursor for the parameter after; null at the end"));
        return object(properties, List.of("items", "next"));
    }

    /** What a plug-in says of its command. */
    static Map<String, Object> fields(List<CommandField> fields) {
        Map<String, Object> properties = new LinkedHashMap<>();
        fields.forEach(field -> {
            String type = switch (field.type()) {
                case NUMBER -> "integer";
                case FLAG -> "boolean";
                default -> "string";
            };
            Map<String, Object> schema =
                    orderly("type", field.isOptional() ? List.of(type, "null") : type, "description", field.about());
            if (!field.words().isEmpty()) {
                schema.put("enum", field.words());
            }
            properties.put(field.name(), schema);
        });
        List<String> required = fields.stream()
                .filter(field -> !field.isOptional())
                .map(CommandField::name)
                .toList();
        return object(properties, required);
    }

    private Map<String, Object> type(Type type, boolean request) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == Map.class
                    ? orderly("type", "object", "additionalProperties", type(arguments[1], request))
                    : orderly("type", "array", "items", type(arguments[0], request));
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return orderly("type", "string", "enum", Words.all(plain));
        }
        if (plain == ResourceRef.class) {
            return orderly("type", List.of("integer", "string"));
        }
        return plain.isRecord() ? reference(plain, request) : scalar(plain);
    }

    static Map<String, Object> scalar(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return orderly("type", "integer", "format", "int32");
        }
        if (type == long.class || type == Long.class) {
            return orderly("type", "integer", "format", "int64");
        }
        if (type == double.class || type == Double.class) {
            return orderly("type", "number");
        }
        if (type == boolean.class || type == Boolean.class) {
            return orderly("type", "boolean");
        }
        if (type == Instant.class) {
            return orderly("type", "string", "format", "date-time");
        }
        if (type == String.class) {
            return orderly("type", "string");
        }
        throw new IllegalStateException("no schema for " + type);
    }

    private Map<String, Object> reference(Class<?> type, boolean request) {
        String name = name(type);
        if (!components.containsKey(name)) {
            components.put(name, Map.of());
            components.put(name, type == GivenAnswers.class ? givenAnswers() : record(type, request));
        }
        return orderly("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> record(Class<?> type, boolean request) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            About about = component.getAnnotation(About.class);
            properties.put(component.getName(), field(component, about, request));
            boolean mayBeAbsent =
                    request ? about.optional() : component.getAccessor().isAnnotationPresent(JsonInclude.class);
            if (!mayBeAbsent) {
                required.add(component.getName());
            }
        }
        return object(properties, required);
    }

    private Map<String, Object> field(RecordComponent component, About about, boolean request) {
        Map<String, Object> schema = type(component.getGenericType(), request);
        if (about.optional()) {
            schema = nullable(schema);
        }
        if (request && component.getType() == String.class) {
            schema.put("maxLength", about.most());
        } else if (request && component.getType() == List.class) {
            schema.put("maxItems", about.most());
        }
        schema.put("description", about.value());
        return schema;
    }

    private static Map<String, Object> nullable(Map<String, Object> schema) {
        Map<String, Object> nullable = new LinkedHashMap<>(schema);
        if (schema.get("enum") instanceof List<?> words) {
            List<Object> andNull = new ArrayList<>(words);
            andNull.add(null);
            nullable.put("enum", andNull);
        }
        if (schema.get("type") instanceof String type) {
            nullable.put("type", List.of(type, "null"));
            return nullable;
        }
        return orderly("anyOf", List.of(schema, Map.of("type", "null")));
    }

    /** What is in answers alone is taken, too, and so are numbers and truth values; generators stumble over the choice. */
    private static Map<String, Object> givenAnswers() {
        Map<String, Object> values = orderly(
                "type", "object",
                "additionalProperties", orderly("type", "string"),
                "description", "the answers by question, as texts");
        return object(orderly("answers", values), List.of("answers"));
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = orderly("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    /** {@code EnvironmentPaths.Action} is EnvironmentAction, {@code ResourceView} is Resource. */
    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        String name = type.getSimpleName().replaceAll("(View|Body)$", "");
        if (outer == null) {
            return name;
        }
        String noun = outer.getSimpleName().replaceAll("(Paths|View|Request)$", "");
        return name.startsWith(noun) ? name : noun + name;
    }

    /** A map that keeps its order and can be changed. */
    static Map<String, Object> orderly(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
