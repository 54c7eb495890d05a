package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;

/** A tree as YAML 1.2: blocks of mappings and sequences; texts as in JSON, which is a part of YAML. */
final class Yaml {

    private Yaml() {}

    static String of(JsonNode tree) {
        StringBuilder text = new StringBuilder();
        if (tree.isContainerNode() && !tree.isEmpty()) {
            block(tree, 0, text);
        } else {
            text.append(tree).append('\n');
        }
        return text.toString();
    }

    private static void block(JsonNode tree, int depth, StringBuilder text) {
        if (tree.isArray()) {
            tree.forEach(item -> {
                text.append(" ".repeat(depth)).append('-');
                value(item, depth, text);
            });
        } else {
            tree.properties().forEach(field -> {
                text.append(" ".repeat(depth)).append(key(field.getKey())).append(':');
                value(field.getValue(), depth, text);
            });
        }
    }

    private static void value(JsonNode value, int depth, StringBuilder text) {
        if (value.isContainerNode() && !value.isEmpty()) {
            text.append('\n');
            block(value, depth + 2, text);
        } else {
            text.append(' ').append(value).append('\n');
        }
    }

    private static String key(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_-]*") && !name.matches("(?i)y|n|yes|no|on|off|true|false|null")
                ? name
                : Verb.JSON.valueToTree(name).toString();
    }
}
