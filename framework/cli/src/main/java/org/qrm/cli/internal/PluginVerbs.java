package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Verb;

/**
 * The verbs that plug-ins of a server bring. They are asked for when a noun is typed that this program does not know, and kept
 * below {@code ~/.cache/qrm}: the server says by a digest that they are still the same.
 */
final class PluginVerbs {

    private final Rest rest;
    private final Path kept;

    private PluginVerbs(Rest rest, Path kept) {
        this.rest = rest;
        this.kept = kept;
    }

    /** By their nouns; needs a server that answers. */
    static Map<String, List<Verb>> of(Rest rest, Map<String, String> environment) {
        JsonNode verbs = new PluginVerbs(rest, file(rest, environment)).verbs();
        return Verb.read(verbs).stream()
                .collect(Collectors.groupingBy(Verb::noun, LinkedHashMap::new, Collectors.toList()));
    }

    /** Null where there is no place for it. */
    private static Path file(Rest rest, Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        String cache = environment.getOrDefault("XDG_CACHE_HOME", home.isEmpty() ? "" : home + "/.cache");
        String server = UUID.nameUUIDFromBytes(rest.account().url().getBytes(StandardCharsets.UTF_8))
                .toString();
        return cache.startsWith("/") ? Path.of(cache, "qrm", "verbs-" + server + ".json") : null;
    }

    private JsonNode verbs() {
        JsonNode before = read();
        String known = before.path("digest").asText();
        JsonNode now = rest.get("/plugin-verbs" + (known.isEmpty() ? "" : "?known=" + Far.encoded(known)));
        if (now.path("verbs").isArray()) {
            keep(now);
            return now.path("verbs");
        }
        return before.path("verbs");
    }

    private JsonNode read() {
        try {
            JsonNode before = Rest.JSON.readTree(Files.readAllBytes(kept));
            Verb.read(before.path("verbs"));
            return before;
        } catch (IOException | RuntimeException none) {
            return Rest.JSON.createObjectNode();
        }
    }

    /** In one step; it can be done without. */
    private void keep(JsonNode answer) {
        if (kept == null) {
            return;
        }
        try {
            Files.createDirectories(
                    kept.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = Files.createTempFile(kept.getParent(), "verbs", ".new");
            Files.write(fresh, Rest.JSON.writeValueAsBytes(answer));
            Files.move(fresh, kept, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // it is asked for again the next time
        }
    }
}
