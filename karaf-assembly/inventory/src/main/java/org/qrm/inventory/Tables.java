package org.qrm.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What people have to say by hand: the licence of each group, and what our own bundles pack. */
final class Tables {

    /** What lies below {@code prefix} in the jar of the artifact {@code jar} is the artifact after it. */
    record Packed(String jar, String prefix, String group, String name, String version) {}

    private final Map<String, String> licenses = new TreeMap<>();
    private final List<Packed> packed;

    Tables() throws IOException {
        rows("licenses.tsv").forEach(row -> licenses.put(row[0], row[1]));
        packed = rows("packed.tsv").stream()
                .map(row -> new Packed(row[0], row[1], row[2], row[3], row[4]))
                .toList();
    }

    List<Packed> packedInto(String jar) {
        return packed.stream().filter(row -> row.jar().equals(jar)).toList();
    }

    /** @throws IllegalStateException if nobody has looked at the licence of this artifact */
    String license(String group, String name) {
        String exact = licenses.get(group + ":" + name);
        if (exact != null) {
            return exact;
        }
        for (String prefix = group; !prefix.isEmpty(); prefix = parent(prefix)) {
            if (licenses.containsKey(prefix)) {
                return licenses.get(prefix);
            }
        }
        throw new IllegalStateException("no licence is known of " + group + ":" + name
                + ", which is in the archive: look it up and add it to licenses.tsv of karaf-assembly/inventory");
    }

    static InputStream resource(String name) {
        return Tables.class.getResourceAsStream(name);
    }

    static void copy(String resource, Path to) throws IOException {
        try (InputStream in = resource(resource)) {
            Files.write(to, in.readAllBytes());
        }
    }

    private static String parent(String group) {
        return group.contains(".") ? group.substring(0, group.lastIndexOf('.')) : "";
    }

    private static List<String[]> rows(String resource) throws IOException {
        try (InputStream in = resource(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }
}
