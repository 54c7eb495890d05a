package org.qrm.inventory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A CycloneDX bill of materials, version 1.6 (ECMA-424). */
final class Sbom {

    private final String version;
    private final String built;

    /** @param built when, as the build is told: two builds of one commit write the same */
    Sbom(String version, String built) {
        this.version = version;
        this.built = built;
    }

    void write(List<Part> parts, Path file) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("bomFormat", "CycloneDX");
        document.put("specVersion", "1.6");
        document.put("version", 1);
        document.put(
                "metadata",
                sorted(
                        "timestamp",
                        built,
                        "component",
                        sorted(
                                "type", "application",
                                "bom-ref", "qrm",
                                "name", "qrm",
                                "version", version)));
        document.put("components", components(parts));
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), document);
    }

    /** One for each package URL, with all files that it is in. */
    private static List<Object> components(List<Part> parts) {
        Map<String, List<Part>> byPurl = new TreeMap<>();
        parts.forEach(part ->
                byPurl.computeIfAbsent(part.purl(), purl -> new ArrayList<>()).add(part));
        return new ArrayList<>(byPurl.values().stream().map(Sbom::component).toList());
    }

    private static Map<String, Object> component(List<Part> same) {
        Part part = same.get(0);
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", "library");
        component.put("bom-ref", part.purl());
        component.put("group", part.group());
        component.put("name", part.name());
        component.put("version", part.version());
        component.put("licenses", List.of(license(part)));
        component.put("purl", part.purl());
        List<Object> occurrences = new ArrayList<>();
        same.stream().map(Part::where).distinct().forEach(where -> occurrences.add(Map.of("location", where)));
        component.put("evidence", Map.of("occurrences", occurrences));
        return component;
    }

    private static Map<String, Object> license(Part part) {
        return part.debian()
                ? Map.of("license", Map.of("name", "licenses/debian/copyright/" + part.license()))
                : Map.of("expression", part.license());
    }

    private static Map<String, Object> sorted(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
