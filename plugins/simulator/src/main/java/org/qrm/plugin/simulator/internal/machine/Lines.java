package org.qrm.plugin.simulator.internal.machine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lines of {@code key=value}, as a machine writes requests and reads answers. */
final class Lines {

    private final List<String[]> pairs = new ArrayList<>();

    static Lines parse(byte[] body) {
        Lines lines = new Lines();
        for (String line : new String(body, StandardCharsets.UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return lines;
    }

    Lines put(String key, Object value) {
        pairs.add(new String[] {key, String.valueOf(value)});
        return this;
    }

    /** The first value, or an empty string. */
    String get(String key) {
        return pairs.stream()
                .filter(pair -> pair[0].equals(key))
                .map(pair -> pair[1])
                .findFirst()
                .orElse("");
    }

    List<String> all(String key) {
        return pairs.stream()
                .filter(pair -> pair[0].equals(key))
                .map(pair -> pair[1])
                .toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        pairs.forEach(pair -> text.append(pair[0]).append('=').append(pair[1]).append('\n'));
        return text.toString();
    }
}
