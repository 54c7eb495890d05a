package org.qrm.api.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a plug-in's command answers: a String, Long, Integer, Boolean or null for each field. */
public final class CommandAnswer {

    /** Of a command that answers nothing. */
    public static final CommandAnswer NOTHING = new CommandAnswer(List.of());

    private final List<Map<String, Object>> items;

    private CommandAnswer(List<Map<String, Object>> items) {
        this.items = items;
    }

    /** One thing. */
    public static CommandAnswer of(Map<String, ?> fields) {
        return list(List.of(fields));
    }

    /** A list of things: at most 1000. */
    public static CommandAnswer list(List<? extends Map<String, ?>> items) {
        return new CommandAnswer(items.stream()
                .map(item -> Collections.unmodifiableMap(new LinkedHashMap<String, Object>(item)))
                .toList());
    }

    public List<Map<String, Object>> items() {
        return items;
    }
}
