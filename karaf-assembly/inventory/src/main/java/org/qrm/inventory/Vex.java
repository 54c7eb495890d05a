package org.qrm.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Known flaws of parts, and whether they concern QRM, as CycloneDX: those of vex.json, where a part is GROUP/NAME, without a version. */
final class Vex {

    private final List<Part> parts;

    Vex(List<Part> parts) {
        this.parts = parts;
    }

    void write(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        JsonNode document;
        try (InputStream in = Tables.resource("vex.json")) {
            document = json.readTree(in);
        }
        for (JsonNode flaw : document.get("vulnerabilities")) {
            ArrayNode affects = json.createArrayNode();
            for (JsonNode part : flaw.get("affects")) {
                affects.addObject().put("ref", reference(flaw.get("id").asText(), part.asText()));
            }
            ((ObjectNode) flaw).set("affects", affects);
        }
        json.writeValue(file.toFile(), document);
    }

    /** @param name GROUP/NAME, of which the archive holds one version */
    private String reference(String flaw, String name) {
        List<String> found = parts.stream()
                .filter(part -> (part.group() + "/" + part.name()).equals(name))
                .map(Part::purl)
                .distinct()
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(flaw + " in vex.json of karaf-assembly/inventory is about " + name
                    + ", of which the archive holds " + (found.isEmpty() ? "nothing: take it out" : found));
        }
        return found.get(0);
    }
}
