package org.qrm.commands;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a request's body says, without what could be a secret: numbers, words of lists, and the texts that are named here. */
final class RequestSummary {

    private static final Set<String> TEXTS = Set.of(
            "name",
            "owner",
            "user",
            "type",
            "loader",
            "address",
            "managementAddress",
            "exportRoot",
            "path",
            "storageServer",
            "bootImage",
            "filesystemImage",
            "partitioning",
            "runsOn",
            "suite",
            "sha256",
            "fingerprint",
            "before");

    private RequestSummary() {}

    /** {@code action=start count=2}; empty without a body. */
    static String of(Object body) {
        List<String> parts = new ArrayList<>();
        add(parts, "", body);
        return String.join(" ", parts);
    }

    /** Who the body says it is about: the name given at a login; empty without one. */
    static String userOf(Object body) {
        if (body != null && body.getClass().isRecord()) {
            for (RecordComponent component : body.getClass().getRecordComponents()) {
                if (component.getName().equals("user") && value(component, body) instanceof String user) {
                    return user;
                }
            }
        }
        return "";
    }

    private static void add(List<String> parts, String prefix, Object body) {
        if (body instanceof Summarised own) {
            parts.add(own.summary());
            return;
        }
        if (body instanceof Map<?, ?> fields) {
            // texts of plug-ins may be secrets
            fields.forEach((name, value) -> {
                if (value instanceof Number || value instanceof Boolean) {
                    parts.add(prefix + name + "=" + value);
                }
            });
            return;
        }
        if (body == null || !body.getClass().isRecord()) {
            return;
        }
        for (RecordComponent component : body.getClass().getRecordComponents()) {
            String name = component.getName();
            Object value = value(component, body);
            if (value instanceof Enum<?> word) {
                parts.add(prefix + name + "=" + Words.of(word));
            } else if (value instanceof Number
                    || value instanceof Boolean
                    || value instanceof String && TEXTS.contains(name)) {
                parts.add(prefix + name + "=" + value);
            } else if (value instanceof List<?> list && list.stream().allMatch(ResourceRef.class::isInstance)) {
                list.forEach(item -> parts.add(prefix + name + "=" + ((ResourceRef) item).text()));
            } else {
                add(parts, prefix + name + ".", value);
            }
        }
    }

    private static Object value(RecordComponent component, Object body) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(body);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("records of requests must be readable: " + component, e);
        }
    }
}
