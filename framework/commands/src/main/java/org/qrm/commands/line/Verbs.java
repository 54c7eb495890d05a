package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The verbs as the build writes them beside this class, for who has no server at hand: a file of nouns, and one for each of
 * them, since most commands need one noun only.
 */
public final class Verbs {

    private static final String NOUNS = "nouns.json";

    private Verbs() {}

    /** What each noun is about, in the order of help. */
    public static Map<String, String> nouns() {
        Map<String, String> nouns = new LinkedHashMap<>();
        read(NOUNS)
                .properties()
                .forEach(noun -> nouns.put(noun.getKey(), noun.getValue().asText()));
        return nouns;
    }

    public static List<Verb> of(String noun) {
        return Verb.read(read(noun + ".json"));
    }

    /** Writes them. */
    public static void write(Map<String, String> nouns, Map<String, List<Verb>> verbs, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(NOUNS), Verb.JSON.valueToTree(nouns).toString());
        for (Map.Entry<String, List<Verb>> noun : verbs.entrySet()) {
            Files.writeString(
                    folder.resolve(noun.getKey() + ".json"),
                    Verb.written(noun.getValue()).toString());
        }
    }

    private static JsonNode read(String name) {
        try (InputStream file = Verbs.class.getResourceAsStream("verbs/" + name)) {
            return Verb.JSON.readTree(file);
        } catch (IOException e) {
            throw new IllegalStateException("this file is in the same jar: " + name, e);
        }
    }
}
